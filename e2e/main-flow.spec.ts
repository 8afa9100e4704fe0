import {
  activateToken,
  configureToken,
  expect,
  fillSignIn,
  newInstance,
  register,
  test,
  tokenModule,
} from "./fixtures";

test("an owner locks an account with a token and opens it again", async ({ page, request }) => {
  const owner = await register(page, "Harbour Orders");

  const baseUrl = await newInstance(page, "Night orders");
  const call = (headers: Record<string, string> = {}) =>
    request.post(`${baseUrl}/send-text?x=1`, { headers, data: { phone: "1", message: "hi" } });

  const open = await call();
  expect(open.status()).toBe(200);
  expect(await open.json()).toMatchObject({ method: "POST", path: "/send-text", query: "x=1" });

  await page.getByRole("link", { name: "Security" }).first().click();
  const module = tokenModule(page);
  await expect(module.getByText("Not configured", { exact: true })).toBeVisible();
  const token = await configureToken(page);
  expect(token).toMatch(/^lkc_[0-9A-Za-z]{49}$/);
  await expect(module.getByText("Disabled", { exact: true })).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);
  expect((await call()).status(), "a disabled token breaks nobody").toBe(200);

  await activateToken(page);

  const rejected = await call();
  expect(rejected.status()).toBe(403);
  expect(await rejected.text()).toBe('{"error":"null not allowed"}');
  expect(rejected.headers()["latchkey-reason"]).toBe("missing");
  const wrong = await call({ "client-token": `${token.slice(0, -1)}_` });
  expect(await wrong.text()).toBe('{"error":"Client-Token not allowed"}');
  const ready = await call({ "Client-Token": token });
  expect(ready.status()).toBe(200);
  expect(JSON.stringify(await ready.json()), "the token never reaches the upstream").not.toContain(token);

  await page.getByRole("button", { name: "Deactivate Token" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate", exact: true }).click();
  await expect(module.getByText("Disabled", { exact: true })).toBeVisible();
  expect((await call()).status()).toBe(200);

  await page.getByRole("link", { name: "Activity" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  expect(await page.content(), "the audit trail holds no token").not.toContain(token);

  await page
    .getByRole("button", { name: /account menu|user menu/i })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto("/security");
  await expect(page).toHaveURL(/\/login/);

  await fillSignIn(page, owner.email.toUpperCase(), owner.password);
  await expect(page).toHaveURL(/\/security$/);
});

test("a token that was lost before it was written down can be regenerated while nothing depends on it", async ({
  owner,
}) => {
  const { page } = owner;
  const first = await configureToken(page);
  await page.reload();
  expect(await page.content()).not.toContain(first);
  await page.getByRole("button", { name: "Regenerate" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Regenerate", exact: true }).click();
  const second = page.getByLabel("Account security token", { exact: true });
  await expect(second).toHaveValue(/^lkc_/);
  expect(await second.inputValue()).not.toBe(first);
  await page.getByRole("button", { name: "Done" }).click();

  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(tokenModule(page).getByText("Not configured", { exact: true })).toBeVisible();
});
