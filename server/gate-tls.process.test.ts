import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newCertificate, type TestCertificate } from "../test/support/certificate";
import { type GateWorld, openGateWorld } from "../test/support/gate-world";
import { killLaunched } from "../test/support/launched";
import { waitUntil } from "./processes";

describe("an upstream behind TLS", () => {
  let world: GateWorld;
  let certificate: TestCertificate;
  let server: Server;
  let port: number;
  const hosts: (string | undefined)[] = [];

  beforeAll(async () => {
    world = await openGateWorld();
    certificate = await newCertificate("localhost");
    server = createServer(certificate, (request, response) => {
      hosts.push(request.headers.host);
      response.end("over TLS");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });

  afterEach(killLaunched);

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    certificate.remove();
    await world.close();
  });

  test("is reached when its certificate is trusted and names it", async () => {
    const gate = await world.startGate({ NODE_EXTRA_CA_CERTS: certificate.file });
    await world.moveTo(`https://localhost:${port}`);
    const answer = await world.call(gate);
    expect([answer.status, await answer.text()]).toEqual([200, "over TLS"]);
    expect(hosts).toEqual([`localhost:${port}`]);
  });

  test("gets nothing when its certificate is not trusted", async () => {
    const gate = await world.startGate();
    await world.moveTo(`https://localhost:${port}`);
    hosts.length = 0;
    const answer = await world.call(gate);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toEqual({ error: "Upstream unreachable" });
    expect(answer.headers.get("latchkey-reason")).toBe("upstream_unreachable");
    expect(hosts).toEqual([]);
  });

  test("gets nothing when its certificate names somebody else", async () => {
    const gate = await world.startGate({ NODE_EXTRA_CA_CERTS: certificate.file });
    await world.moveTo(`https://127.0.0.1:${port}`);
    // A gate that was just started holds where the instance was before, until it hears of the move.
    await waitUntil(async () => (await world.statusOf(gate)) === 502, { withinMs: 5000 });
    hosts.length = 0;
    expect((await world.call(gate)).status).toBe(502);
    expect(hosts).toEqual([]);
  });
});
