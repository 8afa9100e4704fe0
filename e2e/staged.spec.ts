import { violationsOf } from "./accessible";
import {
  configureToken,
  confirmActivation,
  createInstance,
  expect,
  newInstance,
  test,
  tokenModule,
} from "./fixtures";
import { enforcementList, enforcementSwitch } from "./page-parts";

test("an owner goes instance by instance: the others stay open", async ({ owner, request }) => {
  const { page } = owner;
  const urls: Record<string, string> = {};
  for (const name of ["Night orders", "Day orders"]) {
    urls[name] = await newInstance(page, name);
  }
  const call = async (name: string, headers: Record<string, string> = {}) =>
    (await request.get(`${urls[name]}/status`, { headers })).status();

  const token = await configureToken(page);
  const module = tokenModule(page);
  const night = enforcementSwitch(page, "Night orders");
  await expect(enforcementList(page).getByText("Not yet", { exact: true })).toHaveCount(2);
  await expect(night).not.toBeChecked();

  await night.click();
  await expect(module.getByText("Active on 1 of 2", { exact: true })).toBeVisible();
  await expect(night).toBeChecked();
  await expect(night).toHaveAccessibleDescription("Enforced");
  expect(await call("Night orders")).toBe(403);
  expect(await call("Night orders", { "client-token": token })).toBe(200);
  expect(await call("Day orders"), "the other instance stays open").toBe(200);

  // Its caller sends no token: the switch says whom it would reject, and takes the account's name.
  await expect(page.getByText("1 caller would be rejected")).toBeVisible();
  await enforcementSwitch(page, "Day orders").click();
  const question = page.getByRole("dialog", { name: "Enforce the token on “Day orders”?" });
  await expect(question.getByRole("list", { name: "Callers that would be rejected" })).toContainText(
    "on Day orders",
  );
  expect(await violationsOf(page)).toEqual([]);
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(enforcementSwitch(page, "Day orders")).not.toBeChecked();
  expect(await call("Day orders")).toBe(200);
  await enforcementSwitch(page, "Day orders").click();
  await question.getByRole("textbox").fill(owner.accountName);
  await question.getByRole("button", { name: "Enforce token" }).click();
  await expect(module.getByText("Active on 2 of 2", { exact: true })).toBeVisible();
  await expect(page.getByText("not yet on those you will create")).toBeVisible();

  await createInstance(page, "New orders");
  await page.goto("/security");
  await expect(enforcementSwitch(page, "New orders")).not.toBeChecked();
  await page.getByRole("button", { name: "Activate on all" }).click();
  await confirmActivation(page);
  await expect(module.getByText("Active", { exact: true })).toBeVisible();
  await expect(enforcementSwitch(page, "New orders")).toBeChecked();
});
