import { expect, test } from "vitest";
import { compileAddressList } from "@/lib/domain/address-list";
import type { SeenPeer } from "@/lib/domain/doctor";
import { SeenPeers } from "./seen-peers";

function watched() {
  const written: SeenPeer[][] = [];
  const peers = new SeenPeers(compileAddressList(["203.0.113.0/24"]), async (seen) => {
    written.push([...seen]);
  });
  const note = (remoteAddress: string, forwarded: boolean) =>
    peers.note({
      socket: { remoteAddress },
      headers: forwarded ? { "x-forwarded-for": "198.51.100.1" } : {},
    });
  return { peers, written, note };
}

test("trusted machines and private ones that pass on are told by address, and no caller is", async () => {
  const { peers, written, note } = watched();
  note("203.0.113.9", false);
  note("::ffff:10.0.0.1", true);
  note("::ffff:10.0.0.1", true);
  note("10.0.0.2", false);
  note("198.51.100.7", true);
  note("198.51.100.8", false);
  await peers.close();
  expect(written).toEqual([
    [
      { peer: "203.0.113.9", forwarded: false, requests: 1 },
      { peer: "10.0.0.1", forwarded: true, requests: 2 },
      { peer: "", forwarded: false, requests: 2 },
      { peer: "", forwarded: true, requests: 1 },
    ],
  ]);
});

test("however many requests come from however many machines, few are held", async () => {
  const { peers, written, note } = watched();
  for (let n = 0; n < 10_000; n++) note(`10.1.${n >> 8}.${n & 255}`, true);
  await peers.close();
  const [seen = []] = written;
  expect(seen.length).toBeLessThanOrEqual(65);
  expect(seen.reduce((sum, { requests }) => sum + requests, 0)).toBe(100);
});
