import { configureToken, createInstance, expect, test } from "./fixtures";
import { enforcementSwitch } from "./security-parts";

test("a switch turned on by mistake and off again at once ends up off", async ({ owner }) => {
  const { page } = owner;
  await createInstance(page, "Night orders");
  await configureToken(page);
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/security", async (route) => {
    if (route.request().method() === "POST") await answered;
    await route.continue();
  });
  const night = enforcementSwitch(page, "Night orders");
  await night.click();
  await expect(night).toHaveAccessibleDescription("Turning on…");
  await night.click();
  await expect(night).toHaveAccessibleDescription("Turning off…");
  await expect(night).not.toBeChecked();
  answer();
  await expect(night).toHaveAccessibleDescription("Not yet");
  await page.reload();
  await expect(night).not.toBeChecked();
  await page.goto("/activity");
  await expect(page.getByText(/^No longer demanded the account security token on/)).toHaveCount(1);
});
