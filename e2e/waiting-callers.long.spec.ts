import { expectAccessibleEverywhere } from "./accessible";
import { age, callsDaily } from "./database";
import {
  configureToken,
  confirmActivation,
  createInstance,
  expect,
  newInstance,
  test,
  tokenModule,
} from "./fixtures";
import { expectVerdict, preflight, program } from "./page-parts";

test("callers of a minute ago that were not heard since keep activation from being one click", async ({
  owner,
}) => {
  const { page } = owner;
  const url = await newInstance(page, "Support");
  await createInstance(page, "Till");
  const [curl, axios] = [program(url, "curl/8.5.0"), program(url, "axios/1.7")];
  await Promise.all([curl.call(), axios.call(), axios.call()]);
  await expect.poll(() => callsDaily(axios.address, 9)).toBe(9);
  const token = await configureToken(page);
  await program(url, "n8n/1.80").call(token);
  await expectVerdict(page, "n8n", "Ready");
  await expectVerdict(page, "curl", "Waiting");
  await expect(tokenModule(page)).toContainText("Activating now may reject 2 callers.");
  const instances = page.getByRole("list", { name: "Enforcement by instance" });
  await expect(instances.getByText("2 callers not heard since may be rejected")).toHaveCount(1);

  await page.getByRole("button", { name: "Activate Token" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("2 callers have not called since the token changed");
  await expect(dialog).not.toContainText("nobody would be rejected");
  const silent = dialog.getByRole("list", { name: "Callers not heard since the token changed" });
  const row = (name: string) => silent.getByRole("listitem").filter({ hasText: name });
  await expect(row("curl")).toContainText("1 call in 24 hours");
  await expect(row("axios")).toContainText("2 calls in 24 hours");
  await expect(row("axios")).toContainText(/calls (daily|nightly) about .+ · expected tomorrow/);
  await expectAccessibleEverywhere(page, "the dialog that names who was not heard since");
  await dialog.getByRole("button", { name: "Activate", exact: true }).click();
  await expect(dialog, "not without the account's name").toContainText("Fill this in");
  await dialog.getByRole("button", { name: "Activate on ready instances" }).click();
  await expect(tokenModule(page).getByText("Active on 1 of 2", { exact: true })).toBeVisible();
  expect(await curl.call(), "who called a minute ago goes on").toBe(200);
  await axios.call(token);
  await expectVerdict(page, "axios", "Ready");
  await expectVerdict(page, "curl", "Would be rejected");
  await page.getByRole("button", { name: "Dismiss as gone: curl" }).click();
  await expect(preflight(page).getByRole("link", { name: /Dismissed 1/ })).toBeVisible();
  await page.getByRole("button", { name: "Activate on all" }).click();
  await expect(dialog).toContainText("1 caller that you dismissed as gone");
  await confirmActivation(page);
});

test("a caller that turns bad while the owner reads the list is read of before it is rejected", async ({
  owner,
}) => {
  const { page } = owner;
  const url = await newInstance(page, "Support");
  const token = await configureToken(page);
  const [curl, shop] = [program(url, "curl/8.5.0"), program(url, "n8n/1.80")];
  await curl.call();
  await shop.call(token);
  await expectVerdict(page, "n8n", "Ready");
  // No newcomer any more when it calls again.
  await age(shop.address, 0.1);
  await shop.call(token);
  await expectVerdict(page, "curl", "Would be rejected");
  await expect(tokenModule(page)).toContainText("Activating now would reject 1 caller.");

  await page.getByRole("button", { name: "Activate Token" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("curl");
  await expect(dialog).not.toContainText("n8n");
  const asked = dialog.getByText("To activate everywhere all the same");
  await dialog.getByRole("textbox").fill((await asked.locator("b").textContent()) ?? "");
  await shop.call();
  await expect(dialog, "what is read stays until one looks again").toContainText("Callers have changed");
  await expect(dialog).not.toContainText("n8n");
  await dialog.getByRole("button", { name: "Activate", exact: true }).click();
  await expect(dialog).toContainText("By now others would be rejected than you have read");
  await expect(dialog).toContainText("n8n");
  expect(await shop.call(), "nothing was enforced").toBe(200);
  await expectAccessibleEverywhere(page, "the dialog that has read its callers again");
  await dialog.getByRole("button", { name: "Activate", exact: true }).click();
  await expect(tokenModule(page).getByText("Active", { exact: true })).toBeVisible();
  expect(await shop.call()).toBe(403);
});
