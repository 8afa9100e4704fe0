import { expectAccessibleEverywhere } from "./accessible";
import { withCallers } from "./callers";
import {
  activateToken,
  configureToken,
  createInstance,
  expect,
  revealBaseUrl,
  test,
  tokenModule,
} from "./fixtures";
import { rotateToken, takeNewToken } from "./security-parts";

/** The page shares the machine with its callers. */
const patience = { timeout: 20_000 };

const answers = async (url: string, token: string) => {
  const response = await fetch(url, { headers: { "client-token": token } });
  await response.arrayBuffer();
  return `${response.status} ${response.headers.get("latchkey-reason") ?? ""}`.trim();
};

test("a rotation under continuous load rejects nobody who switches during the overlap", async ({ owner }) => {
  test.slow();
  const { page } = owner;
  await createInstance(page, "Night orders");
  const url = `${await revealBaseUrl(page)}/send`;
  const old = await configureToken(page);
  await activateToken(page);

  const module = tokenModule(page);
  const tally = await withCallers(url, old, 6, async (callers) => {
    await callers.everyoneCalled();
    const current = await rotateToken(page, "24 hours");
    expect(current).not.toBe(old);
    await expect(module.getByText("Two tokens are accepted")).toBeVisible(patience);
    await callers.everyoneCalled();
    await callers.switchTo(current);
    await callers.everyoneCalled();

    await page.getByRole("button", { name: "Finish rotation" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Finish", exact: true }).click();
    await expect(module.getByText("Two tokens are accepted")).toBeHidden(patience);
    expect(await answers(url, old)).toBe("403 retired");
    await callers.everyoneCalled();
  });
  expect(tally.requests).toBeGreaterThan(40);
  expect(tally.rejected).toEqual([]);
});

test("without an overlap the old token ends at once, also in the middle of a rotation", async ({ owner }) => {
  const { page } = owner;
  await createInstance(page, "Night orders");
  const url = `${await revealBaseUrl(page)}/send`;
  const first = await configureToken(page);
  await activateToken(page);

  const second = await rotateToken(page, "Now");
  expect([await answers(url, first), await answers(url, second)]).toEqual(["403 retired", "200"]);

  const third = await rotateToken(page, "Until I finish");
  expect([await answers(url, second), await answers(url, third)]).toEqual(["200", "200"]);
  await expect(page.getByRole("button", { name: "Rotate token" })).toHaveCount(0);

  await page.getByRole("button", { name: "Replace now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace now" }).click();
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
  await createInstance(page, "Night orders");
  const url = `${await revealBaseUrl(page)}/send`;
  await configureToken(page);
  await activateToken(page);
  const other = await context.newPage();
  await other.goto("/security");
  await other.getByRole("button", { name: "Rotate token" }).click();
  await other.getByRole("dialog").getByLabel("Overlap").selectOption({ label: "Now" });

  const current = await rotateToken(page, "1 hour");
  await other.getByRole("dialog").getByRole("button", { name: "Rotate", exact: true }).click();
  await expect(tokenModule(other).getByRole("alert")).toContainText("changed in the meantime");
  await expect(tokenModule(other).getByText("Two tokens are accepted")).toBeVisible();
  expect(await answers(url, current)).toBe("200");
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
  for (const name of ["Finish rotation", "Replace now"]) {
    await page.getByRole("button", { name }).click();
    await expectAccessibleEverywhere(page, name);
    await page.keyboard.press("Escape");
  }
});
