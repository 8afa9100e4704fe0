import { forgetProof } from "./database";
import { expect, fillSignIn, freshPassword, signIn, test } from "./fixtures";
import { proofDialog, proveByPassword } from "./proof";

test("a wrong password and an unknown user get the same answer, and what was typed stays", async ({
  owner,
  browser,
  contextOptions,
}) => {
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  const alert = page.getByRole("alert").filter({ hasText: /\S/ });
  await signIn(page, owner.email, freshPassword());
  await expect(alert).toBeVisible();
  const wrongPassword = await alert.textContent();
  await expect(page.getByLabel("Email")).toHaveValue(owner.email);
  await signIn(page, "nobody-at-all@example.com", freshPassword());
  await expect(alert).toBeVisible();
  expect(await alert.textContent()).toBe(wrongPassword);
  await context.close();
});

test("the session cookie cannot be read by scripts and stays on the site", async ({ owner }) => {
  const cookies = await owner.page.context().cookies();
  const session = cookies.find((cookie) => cookie.name === "latchkey.session");
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
});

test("log-in never sends anyone to another site", async ({ owner, browser, contextOptions }) => {
  for (const target of [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
  ]) {
    const context = await browser.newContext(contextOptions);
    const page = await context.newPage();
    await page.goto(`/login?callbackUrl=${encodeURIComponent(target)}`);
    await fillSignIn(page, owner.email, owner.password);
    await expect(page).toHaveURL(/\/overview$/);
    await context.close();
  }
});

test("registration, log-in and log-out work without JavaScript", async ({
  browser,
  contextOptions,
  owner,
}) => {
  const context = await browser.newContext({ ...contextOptions, javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, owner.email, "a wrong password of some length");
  await expect(page.getByLabel("Email")).toHaveValue(owner.email);
  await signIn(page, owner.email, owner.password);
  await expect(page).toHaveURL(/\/overview$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await context.close();
});

test("a session that was revoked elsewhere, after a proof, is dead on its next request", async ({
  owner,
  browser,
  contextOptions,
}) => {
  const context = await browser.newContext({ ...contextOptions, userAgent: "Second browser" });
  const second = await context.newPage();
  await signIn(second, owner.email, owner.password);
  await expect(second).toHaveURL(/\/overview$/);

  await owner.page.goto("/settings");
  await forgetProof(owner);
  await owner.page.getByRole("button", { name: "End all other sessions" }).click();
  await expect(proofDialog(owner.page)).toBeVisible();
  await second.goto("/overview");
  await expect(second).toHaveURL(/\/overview$/);
  await proveByPassword(owner);
  await expect(owner.page.getByText("1 session ended.")).toBeVisible();
  await second.goto("/overview");
  await expect(second).toHaveURL(/\/login/);
  await context.close();
});
