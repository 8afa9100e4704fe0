import { expectNoSidewaysScroll, pagesWith, violationsOf } from "./accessible";
import { configureToken, createInstance, expect, fillSignIn, test } from "./fixtures";

const language = (page: import("@playwright/test").Page) => page.locator("html").getAttribute("lang");

test("signed out, the browser's language counts, and one click chooses another, without JavaScript too", async ({
  browser,
  contextOptions,
}) => {
  const context = await browser.newContext({ ...contextOptions, locale: "pt-PT", javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/login");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Entrar");
  expect(await language(page)).toBe("pt-BR");
  await page.getByRole("button", { name: "Español" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Iniciar sesión");
  await page.goto("/register");
  expect(await language(page)).toBe("es");
  await expect(page.getByRole("button", { name: "Español" })).toHaveAttribute("aria-current", "true");
  await context.close();

  const unknown = await browser.newContext({ ...contextOptions, locale: "tlh" });
  const stranger = await unknown.newPage();
  await stranger.goto("/login");
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await unknown.close();
});

test("a person's choice is in every browser of theirs, in what they are refused, and stays when they sign out", async ({
  owner: { page, email, password },
  browser,
  contextOptions,
}) => {
  await page.goto("/settings");
  await page.getByRole("radio", { name: "Português (Brasil)" }).check();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ajustes");
  expect(await language(page)).toBe("pt-BR");

  const context = await browser.newContext({ ...contextOptions, locale: "es-MX" });
  const other = await context.newPage();
  await other.goto("/login");
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Iniciar sesión");
  await other.getByLabel("Correo electrónico").fill(email);
  await other.getByLabel("Contraseña", { exact: true }).fill("no es esta contraseña");
  await other.getByRole("button", { name: "Iniciar sesión", exact: true }).click();
  await expect(other.getByRole("alert").filter({ hasText: /\S/ })).toContainText("no coinciden");
  await other.getByLabel("Contraseña", { exact: true }).fill(password);
  await other.getByRole("button", { name: "Iniciar sesión", exact: true }).click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Resumo");
  await context.close();

  await page.goto("/instances");
  await page.getByRole("button", { name: "Nova instância" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Criar instância" }).click();
  await expect(page.getByLabel("Nome", { exact: true })).toHaveAccessibleDescription(/Preencha este campo/);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Menu da conta" }).click();
  await page.getByRole("menuitem", { name: "Sair" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Entrar");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await fillSignIn(page, email, password);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Resumo");
  await page.goto("/settings");
  await page.getByRole("radio", { name: "O que o navegador pedir" }).check();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Settings");
});

test("in Portuguese, the main pages fit at 360 px and are accessible", async ({ owner: { page } }) => {
  test.slow();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await createInstance(
    page,
    "Uma instância cujo nome é tão longo quanto pode ser, para quebrar em algum lugar",
  );
  const instance = new URL(page.url()).pathname;
  await configureToken(page);
  await page.goto("/settings");
  await page.getByRole("radio", { name: "Português (Brasil)" }).check();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ajustes");
  await page.setViewportSize({ width: 360, height: 800 });
  for (const path of [...pagesWith(instance), "/activity/rejected", "/accounts"]) {
    await page.goto(path);
    expect(await language(page)).toBe("pt-BR");
    await expectNoSidewaysScroll(page, path);
  }
  const tabs = page.getByRole("navigation", { name: "Principal" }).getByRole("link");
  await page.goto("/security");
  for (const tab of await tabs.all()) {
    const cut = await tab.locator("span").evaluate((text) => text.scrollWidth - text.clientWidth);
    expect(cut, `${await tab.textContent()} is cut off`).toBeLessThanOrEqual(0);
  }
  expect(await violationsOf(page, "all but contrast")).toEqual([]);
});
