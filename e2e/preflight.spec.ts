import { expectAccessibleEverywhere, violationsOf } from "./accessible";
import { age } from "./database";
import { configureToken, confirmActivation, expect, newInstance, test, tokenModule } from "./fixtures";
import { callerGroup, callerRow, callerRows, expectVerdict, preflight, program } from "./page-parts";

test("an owner sees who would break, watches one become ready, and activates where nobody breaks", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  const support = await newInstance(page, "Support");
  const night = await newInstance(page, "Night orders");
  const old = program(night, "curl/8.5.0", "qr-code/12345678");
  await old.call();

  const token = await configureToken(page);
  await expect(preflight(page)).toContainText("No call has come in since");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const [shop, site] = [program(support, "n8n/1.80"), program(support, "GuzzleHttp/7")];
  const script = program(night, "python-requests/2.32.0");
  expect(await shop.call()).toBe(200);
  await expectVerdict(page, "n8n", "Would be rejected");
  await shop.call(token);
  await expectVerdict(page, "n8n", "Ready");
  await Promise.all([site.call(token), script.call(), script.call()]);
  await expectVerdict(page, "python-requests", "Would be rejected");
  await expectVerdict(page, "Guzzle", "Ready");
  await callerRow(page, "curl").locator("summary").click();
  await expect(callerRow(page, "curl")).toContainText("POST /qr-code/{id}");
  await age(old.address, 30);
  await page.reload();
  await expectVerdict(page, "curl", "Waiting");

  const module = tokenModule(page);
  await expect(module).toContainText("Activating now would reject 1 caller and may reject 1 more.");
  await expect(
    page.getByText("2 of 4 callers send it; 1 needs a hand, 1 was not heard since."),
  ).toBeVisible();
  await expect(preflight(page)).toContainText(script.address);
  await expect(preflight(page).getByRole("img", { name: /percent|%/ })).toBeVisible();
  await preflight(page)
    .getByRole("link", { name: /Waiting/ })
    .click();
  await expect(page).toHaveURL(/callers=waiting/);
  await expect(callerRows(page)).toHaveCount(1);
  await preflight(page).getByRole("link", { name: /All/ }).click();
  await expect(callerRows(page)).toHaveCount(4);
  await expectAccessibleEverywhere(page, "preflight with callers of every kind");

  await page.getByRole("button", { name: "Activate Token" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 caller would be rejected");
  const listed = dialog.getByRole("list", { name: "Callers that would be rejected" });
  await expect(listed.getByRole("listitem")).toHaveCount(1);
  await expect(listed).toContainText("python-requests");
  await expect(listed).toContainText("Night orders");
  const silent = dialog.getByRole("list", { name: "Callers not heard since the token changed" });
  await expect(silent).toContainText("curl");
  await expect(silent).toContainText("Sent no token");
  await expectAccessibleEverywhere(page, "the dialog that names who would be rejected");
  const all = dialog.getByRole("button", { name: "Activate", exact: true });
  await all.click();
  await expect(dialog, "not without the account's name").toContainText("Fill this in");
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await dialog.getByRole("textbox").fill("Somebody else");
  await all.click();
  await expect(dialog).toContainText("This is not the name");
  await expect(dialog.getByRole("textbox")).toHaveValue("Somebody else");
  const instances = page.getByRole("list", { name: "Enforcement by instance" });
  await expect(instances.getByText("1 caller would be rejected, those not heard since may be")).toHaveCount(
    1,
  );
  await dialog.getByRole("button", { name: "Activate on ready instances" }).click();
  await expect(tokenModule(page).getByText("Active on 1 of 2", { exact: true })).toBeVisible();
  expect(await shop.call(), "the ready instance enforces it").toBe(403);
  expect(await shop.call(token)).toBe(200);
  expect(await script.call(), "the unready instance stays open").toBe(200);

  await page.getByRole("button", { name: "Activate on all" }).click();
  await confirmActivation(page);
  expect(await script.call()).toBe(403);
  // The shop came without the token too, to see that it is enforced.
  await expect(module).toContainText("2 callers are rejected when they call");
});

test("with nobody to reject, activating takes one click", async ({ owner }) => {
  const { page } = owner;
  const shop = program(await newInstance(page, "Support"), "n8n/1.80");
  const token = await configureToken(page);
  expect(await violationsOf(page)).toEqual([]);
  await shop.call(token);
  await expectVerdict(page, "n8n", "Ready");
  await page.getByRole("button", { name: "Activate Token" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("nobody would be rejected");
  await expect(dialog.getByRole("button", { name: "Activate on ready instances" })).toBeHidden();
  await dialog.getByRole("button", { name: "Activate", exact: true }).click();
  await expect(tokenModule(page).getByText("Active", { exact: true })).toBeVisible();
});

test("a caller gets a name, is dismissed as gone, and is back when it calls", async ({ owner }) => {
  const { page } = owner;
  const shop = program(await newInstance(page, "Support"), "axios/1.7 <b>&amp;");
  await configureToken(page);
  await shop.call("the wrong thing");
  await expectVerdict(page, "axios", "Wrong token");
  await expect(callerRow(page, "axios")).toContainText("Sends something that is no token");

  await preflight(page)
    .getByRole("link", { name: /Wrong token 1/ })
    .click();
  await expect(page).toHaveURL(/callers=wrong_token/);
  await page.getByRole("button", { name: "Name…: axios" }).click();
  await expect(page.getByRole("dialog"), "the whole user agent").toContainText("axios/1.7 <b>&amp;");
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("n8n in");
  await shop.call();
  await expect(callerRow(page, "axios"), "its row leaves the list").toHaveCount(0);
  await expect(name).toBeFocused();
  await name.pressSequentially(" the shop");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("heading", { name: "Preflight" })).toBeFocused();
  await preflight(page).getByRole("link", { name: /All 1/ }).click();
  await expectVerdict(page, "n8n in the shop", "Would be rejected");
  await callerRow(page, "n8n in the shop").locator("summary").click();
  await expect(callerRow(page, "n8n in the shop")).toContainText("First seen");
  await page.getByRole("button", { name: "Dismiss as gone: n8n in the shop" }).click();
  await expect(preflight(page).getByRole("link", { name: /Dismissed 1/ })).toBeVisible();
  await expect(callerRow(page, "n8n in the shop")).toHaveCount(0);
  await shop.call("the wrong thing");
  await expectVerdict(page, "n8n in the shop", "Wrong token");
  await page.goto("/activity");
  await expect(page.getByText("Dismissed the caller n8n in the shop as gone")).toBeVisible();
});

test("the list works without JavaScript, and the live door is for members only", async ({
  owner,
  browser,
  request,
}) => {
  const { page } = owner;
  const shop = program(await newInstance(page, "Support"), "n8n/1.80");
  const token = await configureToken(page);
  await shop.call();
  await expectVerdict(page, "n8n", "Would be rejected");
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const plain = await context.newPage();
  await plain.goto("/security");
  await plain.getByRole("link", { name: /Would be rejected 1/ }).click();
  await expect(plain).toHaveURL(/callers=rejected/);
  await expectVerdict(plain, "n8n", "Would be rejected");
  await shop.call(token);
  await expectVerdict(page, "n8n", "Ready");
  await plain.getByRole("link", { name: /^All/ }).click();
  await expect(callerRow(plain, "n8n")).toBeHidden();
  await callerGroup(plain, "Ready").locator("summary").first().click();
  await callerRow(plain, "n8n").locator("summary").click();
  await expect(callerRow(plain, "n8n").getByText("POST /send-text")).toBeVisible();
  await context.close();
  const stranger = await request.get("/api/live", { headers: { cookie: "" } });
  expect(stranger.status()).toBe(401);
});
