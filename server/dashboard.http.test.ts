import { connect } from "node:net";
import { request } from "undici";
import { expect, it } from "vitest";

// The process behind the gate, which must be right on its own too.
const base = process.env.LATCHKEY_TEST_DASHBOARD_URL ?? "";

/** Sends bytes as they are, which no HTTP client would, and returns the answer. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      text += chunk;
    });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
    socket.write(bytes.replaceAll("\n", "\r\n"), "latin1");
  });
}

const rawGet = (target: string) => raw(`GET ${target} HTTP/1.1\nHost: a.example\nConnection: close\n\n`);

it("says that the process lives and can serve", async () => {
  for (const [path, status] of [
    ["/healthz", "ok"],
    ["/readyz", "ready"],
  ] as const) {
    const answer = await request(base + path);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(await answer.body.json()).toEqual({ status });
    const head = await request(base + path, { method: "HEAD" });
    expect(head.statusCode).toBe(200);
    expect(await head.body.text()).toBe("");
  }
});

it.each(["PURGE", "TRACE", "PROPFIND"] as const)(
  "answers %s itself, on pages and instances alike",
  async (method) => {
    for (const path of ["/login", "/instances/a/token/b/c"]) {
      const answer = await raw(`${method} ${path} HTTP/1.1\nHost: a\nConnection: close\n\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 405 /);
      expect(answer).toContain('{"error":"Method not supported"}');
    }
  },
);

it.each([
  "/instances/a/token/b/../../../../login",
  "/instances/a/token/b/%2e%2e/x",
  "/x/../instances/a/token/b",
  "//instances/a/token/b",
  "/%69nstances/a/token/b",
  "/instances/a%2ftoken/b/token/c",
  "/instances\\a\\token\\b\\",
  "/instances/a/token/b/%00",
])("refuses %s as an invalid path instead of resolving it", async (target) => {
  const answer = await rawGet(target);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('{"error":"Invalid path"}');
});

it("lets a header of 20 KB reach the decision", async () => {
  const answer = await request(`${base}/instances/a/token/b`, {
    headers: { "client-token": "x".repeat(20_000) },
  });
  expect(answer.statusCode).toBe(404);
  expect(await answer.body.json()).toEqual({ error: "Instance not found" });
});

it("answers CONNECT: it is no proxy", async () => {
  const answer = await raw("CONNECT upstream.example:443 HTTP/1.1\nHost: upstream.example:443\n\n");
  expect(answer).toMatch(/^HTTP\/1\.1 501 Not Implemented\r\n/);
  expect(answer.endsWith('{"error":"CONNECT not supported"}')).toBe(true);
});

it("ignores a wish to upgrade, so that no decision is passed by", async () => {
  const answer = await raw(
    "GET /instances/a/token/b HTTP/1.1\nHost: a\nConnection: Upgrade, close\nUpgrade: websocket\n" +
      "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n",
  );
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
});

it("compresses pages and leaves instance answers as they are", async () => {
  const headers = { "accept-encoding": "gzip" };
  expect((await request(`${base}/login`, { headers })).headers["content-encoding"]).toBe("gzip");
  const instance = await request(`${base}/instances/a/token/b`, { headers });
  expect(instance.headers["content-encoding"]).toBeUndefined();
});

it.each([base, process.env.LATCHKEY_TEST_GATE_URL ?? ""])(
  "programs are told in JSON that nothing is there, people on a page (%#)",
  async (origin) => {
    for (const [method, path] of [
      ["GET", "/message/sendText/foo"],
      ["POST", "/bot1:x/sendMessage"],
      ["GET", "/login/nothing"],
      ["GET", "/api/nothing"],
      ["GET", "/instances/x/token"],
      ["GET", "/services/x"],
      ["HEAD", "/overview"],
    ] as const) {
      const headers = { accept: "application/json, text/html;q=0, */*" };
      const answer = await request(origin + path, { method, headers });
      expect([path, answer.statusCode]).toEqual([path, 404]);
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(await answer.body.text()).toBe(method === "HEAD" ? "" : '{"error":"Not found"}');
    }
    for (const path of ["/instances/x/token", "/services/x"]) {
      const person = await request(origin + path, { headers: { accept: "text/html,*/*;q=0.8" } });
      expect([path, person.statusCode]).toEqual([path, 307]);
      // Open pages ask like programs, for what Next.js draws a page from.
      const page = await request(origin + path, { headers: { accept: "*/*", rsc: "1" } });
      expect([path, page.statusCode]).toEqual([path, 307]);
    }
    expect((await request(origin)).statusCode).toBe(307);
    const page = await request(`${origin}/nothing`, { headers: { accept: "text/html,*/*;q=0.8" } });
    expect([page.statusCode, page.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
    expect((await request(`${origin}/login`)).headers["content-type"]).toContain("text/html");
  },
);
