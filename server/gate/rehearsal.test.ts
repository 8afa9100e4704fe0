import { expect, test } from "vitest";
import { Tunnels } from "@/lib/gate/websocket/tunnel";
import { testBodies } from "@/test/support/gate";
import { rehearse } from "./rehearsal";

test("a rehearsal goes through the whole gate: calls are forwarded to its upstream, or rejected without a token", async () => {
  const now = () => new Date();
  const log = { info() {}, error() {} };
  const tunnels = new Tunnels({ readPolicy: () => null, now, log, bodies: testBodies, observe() {} });
  const answers = await rehearse({ bodies: testBodies, now, tunnels });
  const [accepted = 0, rejected = 0] = [answers.get(200), answers.get(403)];
  expect([...answers.keys()].sort()).toEqual([200, 403]);
  expect(accepted).toBeGreaterThan(0);
  expect(Math.abs(accepted - rejected)).toBeLessThan(20);
  tunnels.close();
});
