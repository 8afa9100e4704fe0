import { expectAccessibleEverywhere } from "./accessible";
import { withCallers } from "./callers";
import {
  activateToken,
  configureToken,
  createInstance,
  expect,
  newInstance,
  test,
  tokenModule,
} from "./fixtures";
import { callerRow, confirmByName, program, rotateToken, takeNewToken } from "./page-parts";

/** The page shares the machine with its callers. */
const patience = { timeout: 20_000 };

const answers = async (url: string, token: string) => {
  const response = await fetch(url, { headers: { "client-token": token } });
  await response.arrayBuffer();
  return `${response.status} ${response.headers.get("latchkey-reason") ?? ""}`.trim();
};

test("a rotation under continuous load from twenty callers rejects nobody who switches during the overlap", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  const url = `${await newInstance(page, "Night orders")}/send`;
  const old = await configureToken(page);
  await activateToken(page);

  const module = tokenModule(page);
  const tally = await withCallers(url, old, 20, async (callers) => {
    await callers.everyoneCalled();
    const current = await rotateToken(page, "24 hours");
    expect(current).not.toBe(old);
    await expect(module.getByText("Two tokens are accepted")).toBeVisible(patience);
    await expect(module.getByText("20 callers still send the old one")).toBeVisible(patience);
    await callers.everyoneCalled();
    await callers.switchTo(current);
    await callers.everyoneCalled();

    // Nobody sends the old one any more, so nothing is asked.
    await expect(module.getByText("No caller we know of sends the old one any more")).toBeVisible(patience);
    await page.getByRole("button", { name: "Finish rotation" }).click();
    await expect(module.getByText("Two tokens are accepted")).toBeHidden(patience);
    expect(await answers(url, old)).toBe("403 retired");
    await callers.everyoneCalled();
  });
  expect(tally.requests).toBeGreaterThan(160);
  expect(tally.rejected).toEqual([]);
});

test("without an overlap the old token ends at once, also in the middle of a rotation", async ({ owner }) => {
  const { page } = owner;
  const url = `${await newInstance(page, "Night orders")}/send`;
  const first = await configureToken(page);
  await activateToken(page);

  const second = await rotateToken(page, "Now");
  expect([await answers(url, first), await answers(url, second)]).toEqual(["403 retired", "200"]);

  const third = await rotateToken(page, "Until I finish");
  expect([await answers(url, second), await answers(url, third)]).toEqual(["200", "200"]);
  await expect(page.getByRole("button", { name: "Rotate token" })).toHaveCount(0);

  await page.getByRole("button", { name: "Replace now" }).click();
  await confirmByName(page, "Replace now");
  const fourth = await takeNewToken(page);
  expect([await answers(url, second), await answers(url, third), await answers(url, fourth)]).toEqual([
    "403 retired",
    "403 retired",
    "200",
  ]);
  await expect(page.getByRole("button", { name: "Rotate token" })).toBeVisible();

  await page.goto("/activity");
  await expect(page.getByText("the old one ended at once")).toHaveCount(2);
  const content = await page.content();
  for (const token of [first, second, third, fourth]) expect(content).not.toContain(token);
});

test("a page that is out of date replaces nothing", async ({ owner, context }) => {
  const { page } = owner;
  const url = `${await newInstance(page, "Night orders")}/send`;
  await configureToken(page);
  await activateToken(page);
  const other = await context.newPage();
  // It hears of nothing, or it would close the dialog by itself.
  await other.route(/\/api\/(live|security)/, (route) => route.abort());
  await other.goto("/security");
  await other.getByRole("button", { name: "Rotate token" }).click();
  await other.getByRole("dialog").getByLabel("Overlap").selectOption({ label: "Now" });

  const current = await rotateToken(page, "1 hour");
  await other.getByRole("dialog").getByRole("button", { name: "Rotate", exact: true }).click();
  await expect(tokenModule(other).getByRole("alert")).toContainText("changed in the meantime");
  await expect(tokenModule(other).getByText("Two tokens are accepted")).toBeVisible();
  expect(await answers(url, current)).toBe("200");
});

test("the page shows live who still sends the old token, and finishing names who would break", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  const base = await newInstance(page, "Night orders");
  const [shop, till] = [program(base, "shop/1"), program(base, "till/1")];
  const old = await configureToken(page);
  await activateToken(page);
  // Without a reload: the gate has applied the activation.
  await expect(tokenModule(page).getByText(/Confirmed by (\d+) of \1 gates/)).toBeVisible(patience);
  expect([await shop.call(old), await till.call(old)]).toEqual([200, 200]);

  const current = await rotateToken(page, "Until I finish");
  const list = tokenModule(page).getByRole("list", { name: "Callers that still send the old token" });
  // Not heard since the rotation: what they sent then is the old one now.
  await expect(list.getByRole("listitem")).toHaveCount(2, patience);
  await expect(async () => {
    expect([await shop.call(current), await till.call(old)]).toEqual([200, 200]);
    await expect(list.getByRole("listitem")).toHaveCount(1, { timeout: 2000 });
  }).toPass(patience);
  await expect(list).toContainText("till");
  await expect(list).toContainText("on Night orders");
  await expect(callerRow(page, "till")).toContainText("Still sends the old token");
  await expect(callerRow(page, "shop")).toContainText("Sends the new token");

  await page.getByRole("button", { name: "Finish rotation" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 caller would be rejected");
  await expect(dialog.getByRole("listitem").first()).toContainText("till");
  await expect(dialog).not.toContainText("shop");
  await expectAccessibleEverywhere(page, "finish dialog with a caller that would break");
  await dialog.getByRole("button", { name: "Finish", exact: true }).click();
  await expect(dialog, "not without the account's name").toContainText("Fill this in");
  expect(await till.call(old)).toBe(200);
  await confirmByName(page, "Finish");
  await expect(tokenModule(page).getByText("Two tokens are accepted")).toBeHidden(patience);
  expect([await shop.call(current), await till.call(old)]).toEqual([200, 403]);
});

test("the dialogs of a rotation are accessible on wide and narrow screens, light and dark", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  await createInstance(page, "Night orders");
  await configureToken(page);
  await activateToken(page);
  const dialog = page.getByRole("dialog");

  await page.getByRole("button", { name: "Rotate token" }).click();
  await expectAccessibleEverywhere(page, "rotate dialog");
  await dialog.getByLabel("Overlap").selectOption({ label: "Now" });
  await expectAccessibleEverywhere(page, "rotate dialog, now");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Rotate token" })).toBeFocused();

  await rotateToken(page, "7 days");
  await expectAccessibleEverywhere(page, "security page during a rotation");
  await page.getByRole("button", { name: "Replace now" }).click();
  await expectAccessibleEverywhere(page, "Replace now");
  await page.keyboard.press("Escape");
});
