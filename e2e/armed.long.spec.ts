import { expectAccessibleEverywhere } from "./accessible";
import { callsDaily, passHours } from "./database";
import { configureToken, expect, newInstance, test, tokenModule } from "./fixtures";
import { expectVerdict, program } from "./page-parts";

test("overnight, an armed token waits for the nightly script, ignores a stranger, and ends on its own", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  const bot = program(await newInstance(page, "Delivery bot"), "n8n/1.80");
  const nightUrl = await newInstance(page, "Night orders");
  const script = program(nightUrl, "python-requests/2.32.0");
  await Promise.all([bot.call(), script.call()]);
  await expect.poll(() => callsDaily(script.address, 9)).toBe(9);
  const token = await configureToken(page);
  await bot.call(token);
  await expectVerdict(page, "n8n", "Ready");

  await page.getByRole("button", { name: "Activate when ready" }).click();
  const dialog = page.getByRole("dialog", { name: "Activate when ready?" });
  await dialog.getByLabel("Hold time").selectOption({ label: "1 hour" });
  await dialog.getByLabel("Ask me again").selectOption({ label: "In 3 days" });
  await expectAccessibleEverywhere(page, "the dialog that arms");
  await dialog.getByRole("button", { name: "Activate when ready", exact: true }).click();
  const armed = page.getByRole("region", { name: "Activates when ready" });
  const waiting = armed.getByRole("listitem").filter({ hasText: "Night orders" });
  await expect(waiting).toContainText("waiting for 1 of 1: python-requests");
  await expect(waiting).toContainText(/calls (daily|nightly) about .+ · expected tomorrow/);
  await expect(armed.getByRole("listitem").first()).toContainText(/Delivery bot ready for .+, enforced in/);

  await expect(async () => {
    await passHours(owner, 1);
    await expect(tokenModule(page).getByText("Active on 1 of 2", { exact: true })).toBeVisible({
      timeout: 7000,
    });
  }).toPass({ timeout: 40_000 });
  expect([await bot.call(), await bot.call(token)], "the bot is enforced").toEqual([403, 200]);
  const stranger = program(nightUrl, "curl/8.5.0");
  expect([await stranger.call(), await script.call()], "nobody else is").toEqual([200, 200]);
  await expect(waiting).toContainText("1 new caller does not send the token and will be rejected: curl");

  await passHours(owner, 72);
  await page.reload();
  await expect(armed).toContainText("It still waits for 1 caller");
  await expectAccessibleEverywhere(page, "the question whether to go on waiting");
  await armed.getByRole("button", { name: "Go on waiting…" }).click();
  await expect(dialog.getByLabel("Hold time"), "as it was").toHaveValue("3600");
  await dialog.getByRole("button", { name: "Activate when ready", exact: true }).click();
  await expect(armed.getByRole("button", { name: "Change…" })).toBeVisible();

  // The night after, somebody has given the script the token.
  await script.call(token);
  await expectVerdict(page, "python-requests", "Ready");
  await expect(async () => {
    await passHours(owner, 1);
    await expect(tokenModule(page).getByText("Active", { exact: true })).toBeVisible({ timeout: 7000 });
  }).toPass({ timeout: 40_000 });
  expect([await script.call(), await script.call(token), await stranger.call()]).toEqual([403, 200, 403]);
});

test("an owner leaves a caller out that does not belong here, and cancels what was armed", async ({
  owner,
}) => {
  const { page } = owner;
  const thief = program(await newInstance(page, "Support"), "curl/8.5.0");
  await configureToken(page);
  await thief.call();
  await expectVerdict(page, "curl", "Would be rejected");
  await page.getByRole("button", { name: "Activate when ready" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Activate when ready", exact: true }).click();
  const armed = page.getByRole("region", { name: "Activates when ready" });
  await expect(armed).toContainText("Support waiting for 1 of 1: curl");
  await page.getByRole("button", { name: "Leave out: does not belong here: curl" }).click();
  await expect(page.getByText("curl is left out")).toBeVisible();
  await page.reload();
  await expect(armed).toContainText(/Support nobody to wait for, enforced in \d+ minutes/);
  await page.goto("/security?callers=dismissed");
  await expectVerdict(page, "curl", "Left out");
  await armed.getByRole("button", { name: "Cancel: activate when ready" }).click();
  await expect(armed).toBeHidden();
  await expect(page.getByRole("button", { name: "Activate when ready" })).toBeVisible();
  expect(await thief.call()).toBe(200);
});
