import { expect, freshPassword, test } from "./fixtures";

test.use({ baseURL: process.env.LATCHKEY_TEST_CLOSED_URL ?? "" });

test("the first visitor makes the first account, and then registration is closed and says so; where two-step sign-in is required, setting it up comes first", async ({
  page,
  browser,
  contextOptions,
}) => {
  await page.goto("/register");
  await expect(page.getByText("You are the first here")).toBeVisible();
  await page.getByLabel("Account name").fill("Padaria Sol");
  await page.getByLabel("Email").fill("owner@example.com");
  await page.getByLabel("Password", { exact: true }).fill("too short");
  await page.getByRole("button", { name: "Create account" }).click();
  const password = page.getByLabel("Password", { exact: true });
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await expect(password).toHaveAccessibleDescription(/15/);
  await expect(page.getByLabel("Account name")).toHaveValue("Padaria Sol");
  await password.fill(freshPassword());
  await page.getByRole("button", { name: "Create account" }).click();

  // This server requires two-step sign-in of everyone.
  await expect(page).toHaveURL(/\/two-step$/);
  await expect(page.getByText("Whoever runs this server requires it")).toBeVisible();
  await page.goto("/instances");
  await expect(page).toHaveURL(/\/two-step$/);

  const context = await browser.newContext(contextOptions);
  const stranger = await context.newPage();
  await stranger.goto("/register");
  await expect(stranger.getByText("No new accounts here")).toBeVisible();
  await expect(stranger.getByLabel("Password")).toHaveCount(0);
  const direct = await context.request.post("/api/auth/callback/credentials", {
    form: { email: "owner@example.com", password: freshPassword(), json: "true" },
  });
  expect(direct.status()).toBe(404);
  await context.close();
});
