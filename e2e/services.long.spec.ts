import { randomBytes } from "node:crypto";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { violationsOf } from "./accessible";
import { configureToken, expect, test } from "./fixtures";

const key = "the-global-key";

/** What a gateway that names sessions in its paths does: one key for everything, and answers by name. */
async function startGateway() {
  const seen: string[] = [];
  const server = createServer((incoming, response) => {
    const { url = "", headers } = incoming;
    seen.push(url);
    const status = headers.apikey === key ? 200 : 401;
    response.writeHead(status, { "content-type": "application/json" }).end('{"instance":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen, close: () => server.close() };
}

/** Calls the gate by a host name that no DNS has. */
function callUnder(host: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(process.env.LATCHKEY_TEST_URL ?? "");
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers: { ...headers, host } }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    })
      .on("error", reject)
      .end();
  });
}

/** Nothing axe would find, and nothing that scrolls sideways on a narrow phone. */
async function expectGood(page: Page, what: string): Promise<void> {
  expect([what, ...(await violationsOf(page))]).toEqual([what]);
  await page.setViewportSize({ width: 360, height: 800 });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("from an empty account to a gateway behind Latchkey: its key goes only with the token, and only for its instance", async ({
  owner: { page },
}) => {
  const gateway = await startGateway();
  const host = `evo-${randomBytes(6).toString("hex")}.example.com`;
  const token = await configureToken(page);

  await page.goto("/services");
  await expectGood(page, "no service");
  await page.getByRole("link", { name: "New service" }).click();
  await page.getByRole("link", { name: /^Evolution API/ }).click();
  await page.getByLabel("Upstream URL").fill(gateway.url.replace("http://", ""));
  await page.getByLabel(/^Its key/).fill(key);
  await page.getByLabel("Host names, one a line").fill("localhost");
  await page.getByLabel("Name at the upstream").fill("bakery");
  await expectGood(page, "set-up");

  const create = page.getByRole("button", { name: "Create service" });
  await create.click();
  await expect(page.getByLabel("Upstream URL")).toHaveAccessibleDescription(/full address/);
  await expect(page.getByLabel("Host names, one a line")).toHaveAccessibleDescription(/“localhost”: Write/);
  await expect(page.getByLabel(/^Its key/), "nothing is lost").toHaveValue(key);
  await page.getByLabel("Upstream URL").fill(gateway.url);
  await page.getByLabel("Host names, one a line").fill(host);
  await create.click();

  await expect(page.getByRole("heading", { level: 1, name: "Evolution API" })).toBeVisible();
  await page.getByRole("button", { name: "Make the test call" }).click();
  await expect(page.getByText("The upstream answered 200")).toBeVisible();
  expect(gateway.seen).toEqual(["/instance/connectionState/bakery"]);
  await expect(page.getByRole("figure", { name: "curl", exact: true })).toContainText(
    `${host}:${new URL(page.url()).port}/instance/connectionState/bakery`,
  );
  await expect(page.getByText(key)).toHaveCount(0);
  await expect(page.getByLabel("Answers to rejected calls")).toHaveValue("documented");
  await expectGood(page, "service");
  await page.getByRole("button", { name: "Replace apikey" }).click();
  await expect(page.getByLabel("Value of apikey")).toBeFocused();
  await page.getByRole("button", { name: "Save service" }).click();
  await expect(page.getByLabel("Value of apikey")).toHaveAccessibleDescription("Fill this in.");
  await page.getByRole("button", { name: "Keep apikey as stored" }).click();
  await expect(page.getByRole("button", { name: "Replace apikey" })).toBeFocused();

  const path = "/message/sendText/bakery";
  await expect.poll(() => callUnder(host, path, { "client-token": token })).toBe(200);
  expect(await callUnder(host, path, { apikey: token }), "the token where the key was").toBe(200);
  expect(await callUnder(host, path, { apikey: key }), "as before, with the key it has").toBe(200);
  expect(await callUnder(host, path), "the stored key is not for everybody").toBe(401);
  const before = gateway.seen.length;
  expect(await callUnder(host, "/message/sendText/other", { "client-token": token })).toBe(404);
  expect(await callUnder(host, "/instance/fetchInstances", { "client-token": token })).toBe(404);
  expect(gateway.seen.length, "neither of them got there").toBe(before);
  gateway.close();

  await page.getByRole("link", { name: "bakery", exact: true }).click();
  await expect(page.getByLabel(`Under ${host}`, { exact: true })).toHaveValue(
    /\/instance\/connectionState\/bakery$/,
  );
  const dialog = page.getByRole("dialog");
  await expect(async () => {
    await page.reload();
    await page.getByLabel("Name at the upstream").fill("patisserie");
    await page.getByRole("button", { name: "Save names" }).click();
    await expect(dialog.getByText("1 caller would be rejected:")).toBeVisible({ timeout: 3000 });
  }).toPass();
  await expect(dialog).toContainText("loses GET /message/sendText/{instance}");
  await expectGood(page, "whom another name turns away");
  await dialog.getByLabel(/^To do it all the same/).fill("bakery");
  await dialog.getByRole("button", { name: "Save names" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByLabel(`Under ${host}`, { exact: true })).toHaveValue(/\/patisserie$/);
  await expect.poll(() => callUnder(host, path, { "client-token": token })).toBe(404);
});

test("two routes that one path could match are refused by name, and everything typed stays", async ({
  owner: { page },
}) => {
  await page.goto("/services/new?preset=evolution");
  await page.getByLabel("Upstream URL").fill("http://127.0.0.1:1");
  await page.getByLabel("Host names, one a line").fill(`${randomBytes(6).toString("hex")}.example.com`);
  await page.getByLabel("Name at the upstream").fill("bakery");
  await page.getByRole("button", { name: "Create service" }).click();
  await page.getByRole("button", { name: "Make the test call" }).click();
  await expect(page.getByText("Nothing listens at this address")).toBeVisible();

  await page.getByRole("button", { name: "Add route" }).click();
  await page.getByLabel("Path of route 6").fill("/message/{}/{instance}");
  await page.getByLabel("Where route 6 names its instance").selectOption("in the query");
  await page.getByLabel("Query parameter of route 6").fill("session");
  await page.getByRole("button", { name: "Save service" }).click();
  for (const route of [1, 6]) {
    const field = page.getByLabel(`Path of route ${route}`);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(
      /\/\{=instance\|message.*\}\/\{\}\/\{instance\} and \/message\/\{\}\/\{instance\}/,
    );
  }
  await expect(page.getByLabel("Path of route 6")).toHaveValue("/message/{}/{instance}");
  await expect(page.getByLabel("Where route 6 names its instance")).toHaveValue("query");
  await page.getByRole("button", { name: "Remove route 6" }).click();
  await page.getByRole("button", { name: "Save service" }).click();
  await expect(page.getByText("Service saved.")).toBeVisible();
  await expect(page.getByText("called through this service. Delete it first.")).toBeVisible();
});

test("a preset's routes are taken over with the name of the service, once it was read whom they turn away", async ({
  owner: { page },
}) => {
  const gateway = await startGateway();
  const host = `evo-${randomBytes(6).toString("hex")}.example.com`;
  const call = (path: string, program: string) =>
    callUnder(host, path, { apikey: key, "user-agent": `${program}/1.0` });
  await page.goto("/services/new?preset=evolution");
  await page.getByLabel("Upstream URL").fill(gateway.url);
  await page.getByLabel("Host names, one a line").fill(host);
  await page.getByLabel("Name at the upstream").fill("bakery");
  await page.getByRole("button", { name: "Create service" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Evolution API" })).toBeVisible();

  const save = page.getByRole("button", { name: "Save service" }).first();
  const saved = page.getByText("Service saved.").first();
  await page.getByRole("button", { name: "Add route" }).click();
  await page.getByLabel("Path of route 6").fill("/status/{instance}");
  await save.click();
  await expect(saved, "a route more asks nothing").toBeVisible();
  await expect.poll(() => call("/status/bakery", "monitor")).toBe(200);
  expect(await call("/message/sendText/bakery", "n8n")).toBe(200);

  const dialog = page.getByRole("dialog");
  await expect(async () => {
    await page.reload();
    await page.getByRole("button", { name: "Take over the preset’s routes" }).click();
    await save.click();
    await expect(dialog.getByText("1 caller would be rejected:")).toBeVisible({ timeout: 3000 });
    await expect(dialog.getByText("For 1 caller nothing changes.")).toBeVisible({ timeout: 1000 });
  }).toPass();
  const turnedAway = dialog.getByRole("list", { name: "Callers that would be rejected" });
  await expect(turnedAway).toContainText("monitor");
  await expect(turnedAway).toContainText("loses GET /status/{instance}");
  await expectGood(page, "whom the preset's routes turn away");

  await dialog.getByRole("button", { name: "Save service" }).click();
  const name = dialog.getByLabel(/^To do it all the same/);
  await expect(name).toHaveAttribute("aria-invalid", "true");
  expect(await call("/status/bakery", "monitor"), "nothing was changed").toBe(200);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Path of route 6"), "what was taken over stays").toHaveCount(0);
  await expect(page.getByLabel("Where route 5 names its instance")).toHaveValue("nowhere");
  await save.click();
  await name.fill("Evolution API");
  await dialog.getByRole("button", { name: "Save service" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(saved).toBeVisible();
  await expect.poll(() => call("/status/bakery", "monitor")).toBe(404);
  expect(await call("/message/sendText/bakery", "n8n")).toBe(200);
  await expect(page.getByText("The preset Evolution API has other routes")).toHaveCount(0);
  gateway.close();
});
