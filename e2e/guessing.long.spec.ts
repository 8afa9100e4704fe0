import { expect, freshPassword, signIn, test } from "./fixtures";

test("after too many wrong passwords even the right one has to wait", async ({
  owner,
  browser,
  contextOptions,
}) => {
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  for (let attempt = 0; attempt < 12; attempt++) {
    await signIn(page, owner.email, freshPassword());
    await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  }
  await signIn(page, owner.email, owner.password);
  await expect(page.getByRole("alert").filter({ hasText: /too many/i })).toBeVisible();
  await expect(page).toHaveURL(/\/login/);
  await context.close();
});
