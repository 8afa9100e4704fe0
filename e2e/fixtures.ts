import { randomBytes } from "node:crypto";
import { type BrowserContextOptions, test as base, expect, type Page } from "@playwright/test";

const entities: Readonly<Record<string, string>> = { amp: "&", quot: '"', lt: "<", gt: ">", "#x27": "'" };

function decoded(text: string): string {
  return text.replace(/&(amp|quot|lt|gt|#x27);/g, (_, name: string) => entities[name] ?? "");
}

/**
 * Sends a page's first form as a browser without JavaScript would, with the cookies of the page's context,
 * and gives back where that led. Much faster than opening the page.
 */
async function sendForm(page: Page, path: string, values: Readonly<Record<string, string>>): Promise<string> {
  const [html = ""] = (await (await page.request.get(path)).text()).split("</form>", 1);
  const hidden: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input type="hidden"[^>]*>/g)) {
    const [, name = ""] = /name="([^"]*)"/.exec(input) ?? [];
    hidden[decoded(name)] = decoded(/value="([^"]*)"/.exec(input)?.[1] ?? "");
  }
  const origin = new URL(path, process.env.LATCHKEY_TEST_URL).origin;
  const answer = await page.request.post(path, {
    multipart: { ...hidden, ...values },
    headers: { origin },
  });
  return answer.url();
}

/** A registered owner whose page is signed in. */
export interface Owner {
  readonly page: Page;
  readonly accountName: string;
  readonly email: string;
  readonly password: string;
}

/** A password that satisfies every rule and is new each time. */
export function freshPassword(): string {
  return `violet ${randomBytes(9).toString("base64url")} harbour`;
}

/** An address of its own for each test, so that one test's failed log-ins do not limit another's. */
export function freshAddress(): string {
  return `10.${[...randomBytes(3)].join(".")}`;
}

/** Creates an account through the page, as a person would. */
export async function register(page: Page, accountName: string): Promise<Owner> {
  const email = `${randomBytes(6).toString("hex")}@example.com`;
  const password = freshPassword();
  await page.goto("/register");
  await page.getByLabel("Account name").fill(accountName);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/overview$/);
  return { page, accountName, email, password };
}

/** Creates an account without opening a page, and signs the page's browser in. */
async function registerQuickly(page: Page, accountName: string): Promise<Owner> {
  const email = `${randomBytes(6).toString("hex")}@example.com`;
  const password = freshPassword();
  const landed = await sendForm(page, "/register", { accountName, email, password });
  expect(new URL(landed).pathname).toBe("/overview");
  return { page, accountName, email, password };
}

/** Signs in through the page. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto("/login");
  await fillSignIn(page, email, password);
}

/** Signs in on the log-in page that is open. */
export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Creates an instance with the built-in echo, or with the given upstream, and stays on its page. */
export async function createInstance(page: Page, name: string, upstreamUrl?: string): Promise<void> {
  await page.goto("/instances");
  await page.getByRole("button", { name: "New instance" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  if (upstreamUrl) await dialog.getByLabel("Upstream URL").fill(upstreamUrl);
  await dialog.getByRole("button", { name: "Create instance" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** Reveals the token on an instance's page and gives back the instance's base URL. */
export async function revealBaseUrl(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Reveal" }).click();
  const text = page.getByText(/\/instances\/[0-9A-Za-z]{20}\/token\/[0-9A-Za-z]{32}/).first();
  await expect(text).toBeVisible();
  const url = /https?:\/\/\S+?\/instances\/[0-9A-Za-z]{20}\/token\/[0-9A-Za-z]{32}/.exec(
    (await text.textContent()) ?? "",
  );
  if (!url) throw new Error("the page shows no base URL");
  return url[0];
}

/** Creates an instance as `createInstance` does, and gives back its base URL. */
export async function newInstance(page: Page, name: string, upstreamUrl?: string): Promise<string> {
  await createInstance(page, name, upstreamUrl);
  return revealBaseUrl(page);
}

/** Configures the account security token and gives back the token, shown once. */
export async function configureToken(page: Page): Promise<string> {
  await page.goto("/security");
  await page.getByRole("button", { name: "Configure now" }).click();
  const token = await page.getByLabel("Account security token", { exact: true }).inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  return token;
}

/** Activates the token through its confirming dialog. */
export async function activateToken(page: Page): Promise<void> {
  await page.goto("/security");
  await page.getByRole("button", { name: "Activate Token" }).click();
  await confirmActivation(page);
}

/** Confirms in the dialog that is open; types the account's name when callers would be rejected. */
export async function confirmActivation(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog");
  const asked = dialog.getByText("To activate everywhere all the same");
  await expect(dialog).toBeVisible();
  await expect(async () => {
    // A click before may have done it.
    if (await dialog.isHidden()) return;
    if (await asked.isVisible()) {
      await dialog.getByRole("textbox").fill((await asked.locator("b").textContent()) ?? "");
    }
    await dialog.getByRole("button", { name: "Activate", exact: true }).click({ timeout: 2000 });
    await expect(dialog).toBeHidden({ timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  await expect(tokenModule(page).getByText("Active", { exact: true })).toBeVisible();
}

/** The module on the Security page. */
export function tokenModule(page: Page) {
  return page.getByRole("region", { name: "Account Security Token" });
}

/** Journeys start with an address of their own; `owner` is a fresh account, signed in. */
export const test = base.extend<{ owner: Owner; contextOptions: BrowserContextOptions }>({
  contextOptions: async ({ contextOptions }, use) => {
    await use({ ...contextOptions, extraHTTPHeaders: { "x-forwarded-for": freshAddress() } });
  },
  owner: async ({ page }, use) => {
    await use(await registerQuickly(page, `Bakery ${randomBytes(3).toString("hex")}`));
  },
});

export { expect };
