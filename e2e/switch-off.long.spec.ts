import {
  activateToken,
  configureToken,
  createInstance,
  expect,
  newInstance,
  test,
  tokenModule,
} from "./fixtures";
import { enforcementSwitch } from "./page-parts";

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
  await expect(page.getByText(/^No longer enforced the account security token on/)).toHaveCount(1);
});

test("one instance is let go while the token is active, and the last one off disables it", async ({
  owner,
  request,
}) => {
  const { page } = owner;
  const url = await newInstance(page, "Old shop");
  await createInstance(page, "New shop");
  await configureToken(page);
  await activateToken(page);
  const module = tokenModule(page);

  await enforcementSwitch(page, "Old shop").click();
  await expect(module.getByText("Active on 1 of 2", { exact: true })).toBeVisible();
  expect((await request.get(`${url}/status`)).status()).toBe(200);
  await page.reload();
  await expect(enforcementSwitch(page, "New shop")).toBeChecked();

  await enforcementSwitch(page, "New shop").press("Space");
  await expect(module.getByText("Disabled", { exact: true })).toBeVisible();
  await page.goto("/activity");
  await expect(page.getByText("No longer enforced the account security token on")).toHaveCount(2);
});
