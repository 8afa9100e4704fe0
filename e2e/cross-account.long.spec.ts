import { createInstance, expect, freshAddress, newInstance, register, revealBaseUrl, test } from "./fixtures";

test("an owner of another account finds nothing, also by guessing ids in URLs and actions", async ({
  owner,
  browser,
  contextOptions,
}) => {
  await createInstance(owner.page, "Mine");
  const victimUrl = owner.page.url();
  const victimId = /\/instances\/([0-9A-Za-z]{20})/.exec(victimUrl)?.[1] ?? "";
  const baseUrl = await revealBaseUrl(owner.page);

  const context = await browser.newContext({
    ...contextOptions,
    extraHTTPHeaders: { "x-forwarded-for": freshAddress() },
  });
  const other = await register(await context.newPage(), "Somebody else");
  const response = await other.page.goto(victimUrl);
  expect(response?.status()).toBe(404);
  await expect(other.page.getByText("Mine", { exact: true })).toHaveCount(0);

  await createInstance(other.page, "Theirs");
  const ownId = /\/instances\/([0-9A-Za-z]{20})/.exec(other.page.url())?.[1] ?? "";
  let forged = 0;
  await other.page.route("**/*", async (route) => {
    const body = route.request().postData();
    if (route.request().method() !== "POST" || !body?.includes(ownId)) return route.continue();
    forged += 1;
    return route.continue({ postData: body.replaceAll(ownId, victimId) });
  });
  await other.page.getByRole("button", { name: "Pause" }).first().click();
  const confirm = other.page.getByRole("dialog");
  await expect(confirm, "whom it would concern is not told").toContainText("could not be read");
  await confirm.getByRole("button", { name: "Pause", exact: true }).click();
  await expect.poll(() => forged).toBeGreaterThan(1);
  await other.page.waitForLoadState("networkidle");

  const call = await owner.page.request.get(`${baseUrl}/still-works`);
  expect(call.status(), "the other account's instance was not paused").toBe(200);
  await context.close();
});

test("an instance token opens its own instance only", async ({ owner }) => {
  const { page } = owner;
  const one = await newInstance(page, "One");
  const two = await newInstance(page, "Two");
  const mixed = one.replace(/token\/.*$/, `token/${two.split("/token/")[1]}`);
  const response = await page.request.get(`${mixed}/x`);
  expect(response.status()).toBe(404);
  expect(await response.text()).toBe('{"error":"Instance not found"}');
});
