import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { violationsOf } from "./accessible";
import { insertService } from "./database";
import { expect, type Owner, test } from "./fixtures";

const sessions = Array.from({ length: 40 }, (_, n) => ({
  id: `id-${n}`,
  name: `shop-${n}`,
  connectionStatus: "open",
  token: randomBytes(16).toString("hex"),
}));

/** Evolution API as far as its list goes: its global key, or 401. */
async function startEvolution(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const known = request.headers.apikey === "global-key";
    const list = request.url === "/instance/fetchInstances";
    response.writeHead(known ? (list ? 200 : 404) : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(known ? sessions : { status: 401, error: "Unauthorized" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function paste({ page }: Owner, text: string): Promise<void> {
  await page.goto("/instances");
  await page.getByRole("link", { name: "Import" }).click();
  await page.getByLabel("CSV or JSON").fill(text);
  await page.getByRole("button", { name: "Preview" }).click();
}

test("forty instances are read from Evolution by a service's key, and take calls with the tokens they had", async ({
  owner,
}) => {
  const { page, email } = owner;
  const { url, server } = await startEvolution();
  await insertService(email, { name: "Gateway", preset: "evolution", upstreamUrl: url });
  await page.goto("/instances/import");
  await page.getByLabel("Service").selectOption("Gateway");
  await page.getByRole("button", { name: "Read from Evolution API" }).click();
  await expect(page.getByText("answered 401"), "without its key").toBeVisible();
  server.removeAllListeners("request");
  server.on("request", (_, response) => response.end(JSON.stringify(sessions)));
  await page.getByRole("button", { name: "Read from Evolution API" }).click();
  await expect(page.getByText("40 ready")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(41);
  await page.getByRole("button", { name: "Import 40 instances" }).click();
  await expect(page.getByText("40 instances are imported")).toBeVisible();
  await page.getByRole("link", { name: "Show instances" }).click();
  await expect(page.getByText("1–20 of 40")).toBeVisible();
  server.close();
});

test("a preview shows each line's error, the lines without one are imported, and their callers' URLs work", async ({
  owner,
}) => {
  const { page } = owner;
  const token = randomBytes(12).toString("hex");
  await paste(owner, `Nome;ID;Token\nPadaria;3C67AB64;${token}\npadaria;B2;x\nCafé;a b;\nPão;C9;curto\n`);
  await expect(page.getByText("2 ready")).toBeVisible();
  await expect(page.getByText("Line 2 has this name in another case.")).toBeVisible();
  await expect(page.getByText(/Use letters, digits and/)).toBeVisible();
  await expect(page.getByText(/This token is short/)).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByLabel("Only lines with errors").check();
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: "Import 2 instances" }).click();
  await expect(page.getByText("2 instances are imported")).toBeVisible();
  const answer = await page.request.get(`/instances/3C67AB64/token/${token}/hello`);
  expect(answer.status()).toBe(200);
  expect((await page.request.get(`/instances/3C67AB64/token/${"0".repeat(24)}/hello`)).status()).toBe(404);

  await page.getByRole("link", { name: "Show instances" }).click();
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/With instance tokens/).check();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Export" }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toContain(`"Padaria","3C67AB64","${token}"`);
});

test("an instance with an ID and a token of its own is made by hand, and a weak token is a warning", async ({
  owner: { page },
}) => {
  await page.goto("/instances");
  await page.getByRole("button", { name: "New instance" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Night orders");
  await dialog.getByText("It has an ID and a token already").click();
  await dialog.getByLabel("ID", { exact: true }).fill("NIGHT-1");
  await dialog.getByLabel("Token", { exact: true }).fill("1234");
  await expect(dialog.getByText(/This token is short/)).toBeVisible();
  await dialog.getByRole("button", { name: "Create instance" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Night orders" })).toBeVisible();
  await expect(page.getByText("/instances/NIGHT-1/token/").first()).toBeVisible();
  expect((await page.request.get("/instances/NIGHT-1/token/1234/x")).status()).toBe(200);
});

test("nothing typed is lost by the browser's back button, a file dropped beside the card, or a gateway that keeps silent", async ({
  owner,
}) => {
  const { page, email } = owner;
  const text = "name,id\nBread,b1\n";
  await paste(owner, text);
  await expect(page.getByRole("heading", { name: "Preview" })).toBeFocused();
  await page.goBack();
  await expect(page.getByLabel("CSV or JSON")).toHaveValue(text);
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByLabel("CSV or JSON")).toHaveValue(text);

  const file = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["name\nDropped\n"], "shops.csv", { type: "text/csv" }));
    return data;
  });
  await page.locator("h1").dispatchEvent("drop", { dataTransfer: file });
  await expect(page.getByText("shops.csv (1 KB)")).toBeVisible();
  await page.getByRole("button", { name: "Remove the file" }).click();
  await expect(page.getByRole("button", { name: "Choose file" })).toBeFocused();
  await expect(page.getByLabel("CSV or JSON")).toHaveValue(text);

  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const upstreamUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await insertService(email, { name: "Silent", preset: "evolution", upstreamUrl });
  await page.reload();
  await page.getByLabel("Service").selectOption("Silent");
  await page.getByRole("button", { name: "Read from Evolution API" }).click();
  await expect(page.getByText("Asking the gateway.")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "What to import" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Read from Evolution API" })).toBeEnabled();
  silent.closeAllConnections();
  silent.close();
});
