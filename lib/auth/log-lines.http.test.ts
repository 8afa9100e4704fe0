import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { base } from "@/test/support/browser-request";
import { builtActions } from "@/test/support/built-actions";

const forged = '{"level":30,"name":"audit","event":{"account":"forged","seq":1},"msg":"recorded"}';
const secret = "hunter2hunter2";
const token = `lkc_${secret}`.padEnd(53, "0");
const logs = ["gate", "dashboard"].map((name) => `test-results/http-${name}.log`);
const linesOf = (file: string) => readFileSync(file, "utf8").split("\n").slice(0, -1);

/** Sends bytes that no HTTP client would, and waits for the end of the connection. */
async function raw(text: string): Promise<void> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.setTimeout(2000, () => socket.destroy());
  socket.resume().end(text, "latin1");
  await once(socket, "close");
}

const encoded = ["%0A", "%0D", "%E2%80%A8", "%C2%85", "%0B", "%1B[2K"]
  .map((end) => end + encodeURIComponent(forged))
  .join("");
const spoken = ["\n", "\r", "\u2028", "\u0085", "\v", "\u001b[2K"].map((end) => end + forged).join("");

/** Requests that something in the server stumbles over, each with a forged line and a secret in it. */
async function stumble(): Promise<void> {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(base + path, { redirect: "manual", ...init, headers: { origin: base, ...init.headers } }).then(
      (response) => response.arrayBuffer(),
      () => null,
    );
  const [action] = builtActions().filter(({ page }) => page === "/login");
  const { id = "" } = action ?? {};
  const post = (body: BodyInit, headers: HeadersInit = {}) =>
    ask("/login", { method: "POST", body, headers });
  const call = (body: BodyInit, headers: HeadersInit = {}) =>
    post(body, { "next-action": id, "content-type": "text/plain", accept: "text/x-component", ...headers });
  for (const path of [
    `/_next/image?url=%2Fx${encoded}&w=640&q=75`,
    `/_next/image?url=%2Finstances%2Fa%2Ftoken%2F${secret}%2Fx&w=640&q=75`,
    `/_next/image?url=http%3A%2F%2Fa%3A${secret}%40b%2F${encoded}&w=640&q=75`,
    `/_next/data/x/${encoded}.json`,
    `/login?callbackUrl=${encoded}&password=${secret}`,
    `/%`,
    `/instances/a/token/${secret}/${encoded}`,
    `/instances/${encoded}`,
    `/api/auth/callback/credentials?error=${encoded}`,
    `/api/auth/${encoded}`,
    `/activity/export?format=${encoded}`,
    `//${encoded}`,
  ])
    await ask(path, { headers: { "client-token": token, authorization: `Bearer ${secret}` } });
  for (const body of [
    `["$n1${spoken}"]`,
    `{${spoken}`,
    `["$h1"]`,
    `["$F1"]`,
    `["$@${spoken}"]`,
    `["$D${spoken}"]`,
    `["$K${spoken}"]`,
    `["$S${spoken}"]`,
  ])
    await call(body.includes('["') ? body.replace(spoken, JSON.stringify(spoken).slice(1, -1)) : body);
  await call("[]", { "next-action": encodeURIComponent(forged) });
  await call("[]", { "next-action": "0".repeat(42) });
  await call("[]", { "next-router-state-tree": encodeURIComponent(`[${spoken}`) });
  for (const name of ["$ACTION_ID_0", `$ACTION_ID_${spoken}`, "$ACTION_REF_1", `$ACTION_${spoken}:0`]) {
    const form = new FormData();
    form.append(name, spoken);
    form.append("$ACTION_1:0", `{"id":"${id}","bound":"$@${spoken}"}`);
    await post(form);
  }
  await post(`--x\r\ncontent-disposition: form-data; name="${spoken}`, {
    "content-type": "multipart/form-data; boundary=x",
  });
  await post(secret, { "content-type": "multipart/form-data" });
  await ask("/login", {
    headers: { cookie: `latchkey.session=${secret}; ${encoded}=%; latchkey.theme=${encoded}` },
  });
  await ask("/login", { headers: { "x-forwarded-host": encoded, "x-forwarded-proto": encoded, rsc: "1" } });
  await ask("/api/auth/callback/credentials", {
    method: "POST",
    body: `{${spoken}`,
    headers: { "content-type": "application/json" },
  });
  await raw(`GET /login HTTP/1.1\r\nHost: x\x0b${forged}\r\nConnection: close\r\n\r\n`);
  await raw(`GET /\x85${forged} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await raw(
    `GET /login HTTP/1.1\r\nHost: x\r\nUser-Agent: \x1b[2K\x85${forged}\r\nConnection: close\r\n\r\n`,
  );
  await raw(
    `POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: \x85${forged}\r\nNext-Action: ${id}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`,
  );
}

describe("the log of the processes", () => {
  test("has no line that a stranger wrote, and none of the secrets that were sent", async () => {
    await stumble();
    for (const file of logs) {
      for (const line of linesOf(file)) {
        expect(line).not.toMatch(/\p{Cc}|[\u2028\u2029]/u);
        if (line.startsWith("Latchkey: ")) continue;
        const parsed = JSON.parse(line);
        expect(["audit", "dashboard", "gate", "mail", "process"]).toContain(parsed.name);
        // A line of ours that came the long way round would be text in another one.
        expect(parsed.text ?? "").not.toMatch(/^\{"level"/);
        expect(parsed.event?.account).not.toBe("forged");
        expect(line).not.toContain(secret);
      }
    }
  });

  test("grows by a bounded number of lines, however many requests make Next.js print", async () => {
    const [, file = ""] = logs;
    const before = linesOf(file).length;
    const started = performance.now();
    for (let round = 0; round < 40; round++)
      await Promise.all(
        Array.from({ length: 20 }, () =>
          fetch(`${base}/_next/image?url=%2Fx${encoded}&w=640&q=75`).then((response) =>
            response.arrayBuffer(),
          ),
        ),
      );
    const seconds = Math.ceil((performance.now() - started) / 1000) + 1;
    expect(linesOf(file).length - before).toBeLessThanOrEqual(seconds * 300);
  });
});
