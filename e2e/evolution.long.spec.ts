import { randomBytes } from "node:crypto";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { activateToken, configureToken, expect, register, test } from "./fixtures";

const key = "the-global-key";
const names = Array.from({ length: 41 }, (_, n) => `shop-${n}`);

/** Evolution API as far as this needs it: one key for everything, a list, and messages sent by name. */
async function startEvolution() {
  const reached: string[] = [];
  const listed = names.map((name) => ({
    name,
    connectionStatus: "open",
    token: randomBytes(16).toString("hex"),
  }));
  const server = createServer(({ url = "", headers }, response) => {
    const known = headers.apikey === key;
    if (known) reached.push(url);
    response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
    const answer = url === "/instance/fetchInstances" ? listed : { instance: { state: "open" } };
    response.end(JSON.stringify(known ? answer : { status: 401, error: "Unauthorized" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, reached, close: () => server.close() };
}

/** Sends a message by a host name that no DNS has. */
function send(host: string, name: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(process.env.LATCHKEY_TEST_URL ?? "");
  const options = { hostname, port, path: `/message/sendText/${name}`, method: "POST" };
  return new Promise((resolve, reject) => {
    request({ ...options, headers: { ...headers, host } }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    })
      .on("error", reject)
      .end();
  });
}

/** A clock that says how long each step took; nothing is expected of it. */
function startClock() {
  const startedAt = performance.now();
  let last = startedAt;
  return (step: string) => {
    const now = performance.now();
    const seconds = (ms: number) => (ms / 1000).toFixed(1);
    process.stdout.write(`${step}: ${seconds(now - last)} s, ${seconds(now - startedAt)} s in all\n`);
    last = now;
  };
}

test("from nothing to Evolution API protected, with forty instances imported and no caller changed but by one header", async ({
  page,
}) => {
  const gateway = await startEvolution();
  const host = `evo-${randomBytes(6).toString("hex")}.example.com`;
  const took = startClock();

  await register(page, "Forty shops");
  took("an account");

  await page.getByRole("link", { name: "Services", exact: true }).first().click();
  await page.getByRole("link", { name: "New service" }).first().click();
  await page.getByRole("link", { name: /^Evolution API/ }).click();
  await page.getByLabel("Upstream URL").fill(gateway.url);
  await page.getByLabel(/^Its key/).fill(key);
  await page.getByLabel("Host names, one a line").fill(host);
  await page.getByLabel("Name at the upstream").fill("shop-0");
  await page.getByRole("button", { name: "Create service" }).click();
  await page.getByRole("button", { name: "Make the test call" }).click();
  await expect(page.getByText("The upstream answered 200")).toBeVisible();
  took("a service with its first instance, and a test call");

  await expect.poll(() => send(host, "shop-0", { apikey: key }), "callers go on as before").toBe(200);
  await page.getByRole("link", { name: "Import more" }).click();
  await page.getByRole("button", { name: "Read from Evolution API" }).click();
  await expect(page.getByText("40 ready")).toBeVisible();
  await expect(page.getByText("1 that the gateway lists is here already and stays as it is.")).toBeVisible();
  await page.getByRole("button", { name: "Import 40 instances" }).click();
  await expect(page.getByText("40 instances are imported")).toBeVisible();
  took("forty more, read from the gateway");

  const token = await configureToken(page);
  took("the account security token");
  await activateToken(page);
  took("activated");

  await expect.poll(() => send(host, "shop-40", { apikey: key })).toBe(403);
  for (const name of names) {
    expect([name, await send(host, name, { apikey: token })]).toEqual([name, 200]);
    expect([name, await send(host, name, { apikey: key })]).toEqual([name, 403]);
  }
  took("every instance called, with the token and without");
  const before = gateway.reached.length;
  expect(await send(host, "another", { apikey: token })).toBe(404);
  expect(gateway.reached.length).toBe(before);
  gateway.close();
});
