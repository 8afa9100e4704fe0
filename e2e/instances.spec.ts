import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { violationsOf } from "./accessible";
import { forgetProof, insertCallers, insertInstances } from "./database";
import { configureToken, createInstance, expect, newInstance, test } from "./fixtures";
import { program } from "./page-parts";

/** An upstream that remembers the headers of the last request it got. */
async function startUpstream(): Promise<{ url: string; server: Server; last: () => IncomingHttpHeaders }> {
  let headers: IncomingHttpHeaders = {};
  const server = createServer((request, response) => {
    headers = request.headers;
    response.end("from upstream");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server, last: () => headers };
}

test("pausing names its callers, asks for the instance's name, and turns them away until it is resumed", async ({
  owner: { page },
}) => {
  const baseUrl = await newInstance(page, "Night orders");
  const shop = program(baseUrl, "n8n/1.80");
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Pause instance" }).click();
  await expect(dialog).toContainText("nobody would be rejected");
  await dialog.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  const paused = await page.request.get(`${baseUrl}/x`);
  expect([paused.status(), await paused.text()]).toEqual([403, '{"error":"Instance paused"}']);
  await page.getByRole("button", { name: "Resume instance" }).click();
  await expect(page.getByRole("button", { name: "Pause instance" })).toBeVisible();
  expect(await shop.call()).toBe(200);

  const listed = dialog.getByRole("list", { name: "Callers that would be rejected" });
  // A second may pass until the gate has written down who called.
  await expect(async () => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Pause instance" }).click();
    await expect(listed).toContainText("n8n", { timeout: 1000 });
  }).toPass();
  await expect(listed).toContainText(shop.address);
  await dialog.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(dialog.getByRole("textbox"), "not without the instance's name").toBeFocused();
  await dialog.getByRole("textbox").fill("Night orders");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  expect(await shop.call()).toBe(403);
});

test("an upstream gets the path, the body and the stored header, and the header's value is never shown again", async ({
  owner: { page },
}) => {
  const upstream = await startUpstream();
  const baseUrl = await newInstance(page, "Orders", upstream.url);
  await page.getByRole("button", { name: "Add header" }).click();
  await page.getByLabel("Name of header 1").fill("apikey");
  await page.getByLabel(/^Value of/).fill("upstream-secret-7");
  await page.getByLabel("Seconds to the first byte").fill("90");
  await page.getByRole("button", { name: "Save upstream" }).click();
  await expect(page.getByText("Upstream saved.").last()).toBeVisible();
  const answer = await page.request.post(`${baseUrl}/send-text`, { data: { a: 1 } });
  expect(await answer.text()).toBe("from upstream");
  expect(upstream.last()).toMatchObject({ apikey: "upstream-secret-7" });
  await page.reload();
  expect(await page.content()).not.toContain("upstream-secret-7");
  await expect(page.getByText("Stored value is kept")).toBeVisible();
  await expect(page.getByLabel("Seconds to the first byte")).toHaveValue("90");
  await page.getByRole("button", { name: "Save upstream" }).click();
  await expect(page.getByText("Upstream saved.").last()).toBeVisible();
  await page.request.get(`${baseUrl}/again`);
  expect(upstream.last()).toMatchObject({ apikey: "upstream-secret-7" });

  await page.getByLabel("Upstream URL").fill(`${upstream.url}/v2`);
  await page.getByRole("button", { name: "Save upstream" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("The calls of 1 caller are led there");
  await dialog.getByRole("button", { name: "Save upstream" }).click();
  await expect(dialog).toBeHidden();
  // Two notices of the saves before may still be there.
  await page.reload();
  await expect(page.getByLabel("Upstream URL")).toHaveValue(/v2$/);
  upstream.server.close();
});

test("a wrong upstream URL names the field and the fix, and what was typed stays", async ({
  owner: { page },
}) => {
  await page.goto("/instances");
  await page.getByRole("button", { name: "New instance" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Orders");
  await dialog.getByLabel("Upstream URL").fill("ftp://files.example.com");
  await dialog.getByRole("button", { name: "Create instance" }).click();
  const field = dialog.getByLabel("Upstream URL");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(/http/);
  await expect(field).toHaveValue("ftp://files.example.com");
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("Orders");
});

test("deleting asks for the name, and the URL stops working", async ({ owner: { page } }) => {
  const baseUrl = await newInstance(page, "Old shop");
  await page.getByRole("button", { name: "Delete instance" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("Old shed");
  await dialog.getByRole("button", { name: "Delete instance" }).click();
  await expect(dialog.getByRole("textbox")).toHaveAttribute("aria-invalid", "true");
  expect((await page.request.get(`${baseUrl}/x`)).status()).toBe(200);
  await dialog.getByRole("textbox").fill("Old shop");
  await dialog.getByRole("button", { name: "Delete instance" }).click();
  await expect(page).toHaveURL(/\/instances$/);
  expect((await page.request.get(`${baseUrl}/x`)).status()).toBe(404);
});

test("a token is revealed or replaced only after a fresh proof, and the old one dies at once", async ({
  owner,
}) => {
  const { page } = owner;
  const before = await newInstance(page, "Night orders");
  await page.reload();
  await forgetProof(owner);
  await page.getByRole("button", { name: "Reveal" }).click();
  const proof = page.getByRole("dialog");
  await proof.getByLabel("Password").fill("not the password at all");
  await page.keyboard.press("Enter");
  await expect(proof.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await proof.getByLabel("Password").fill(owner.password);
  await page.keyboard.press("Enter");
  await expect(proof).toBeHidden();
  await expect(page.getByText(before).first()).toBeVisible();

  await page.getByRole("button", { name: "Regenerate token" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Regenerate", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  expect((await page.request.get(`${before}/x`)).status()).toBe(404);
});

test("an instance says apart whether it runs and whether the token is enforced, and how its callers are", async ({
  owner: { page, email },
}) => {
  await createInstance(page, "Night orders");
  await configureToken(page);
  await insertCallers(email, "Night orders", 2);
  await page.goto("/instances");
  const row = page.getByRole("row", { name: /Night orders/ });
  await expect(row).toContainText("Running");
  await expect(row).toContainText("Open");
  await row.getByRole("link", { name: "Callers of Night orders: 2 would be rejected" }).click();
  await expect(page).toHaveURL(/\/security\?caller=Night/);
  await page.goto("/overview");
  const troubled = page.getByRole("region", { name: "Callers that need a hand" });
  await expect(troubled).toContainText("2 callers need a hand.");
  await expect(troubled.getByRole("listitem").first()).toContainText("It sends no Client-Token");
  expect(await violationsOf(page)).toEqual([]);
});

test("forty instances stay easy to find", async ({ owner: { page, email } }) => {
  await insertInstances(email, 40);
  await page.goto("/instances");
  await expect(page.getByRole("link", { name: /^Shop \d+$/ })).toHaveCount(20);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.getByRole("link", { name: /^Shop \d+$/ })).toHaveCount(20);
  await page.getByLabel("Search instances").fill("shop 3");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: /^Shop \d+$/ })).toHaveCount(11);
  await page.getByLabel("Search instances").fill("bakery");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nothing matches “bakery”").first()).toBeVisible();
});
