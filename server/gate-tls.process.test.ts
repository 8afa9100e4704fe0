import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type GateWorld, openGateWorld } from "../test/support/gate-world";
import { killLaunched } from "../test/support/launched";
import { waitUntil } from "./processes";

/** A certificate that signs for itself, as a test's own authority. */
interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  /** The certificate as a file, for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string;
  remove(): void;
}

/** Makes a certificate for one host name. */
async function newCertificate(host: string): Promise<TestCertificate> {
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], {
    algorithm: "sha256",
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), "latchkey-certificate-"));
  const file = join(folder, "cert.pem");
  writeFileSync(file, cert);
  return { key, cert, file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

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
