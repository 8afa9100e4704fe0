import { builtActions } from "@/test/support/built-actions";
import { activateToken, configureToken, createInstance, expect, test, tokenModule } from "./fixtures";
import { attack, openHostileSite, sendForm } from "./hostile-site";

const wanted = ["deactivateTokenAction", "signOutAction"];

const refusal = "Sent from another site";

test("a hostile page, on another port or another site, changes nothing and reads nothing", async ({
  owner,
}) => {
  const { page } = owner;
  await createInstance(page, "Bread");
  await configureToken(page);
  await activateToken(page);
  const origin = new URL(page.url()).origin;
  const ids = new Map(builtActions().map(({ name, id }) => [name, id]));
  const actions = wanted.map((name) => ids.get(name) ?? "");
  const events = async () => {
    await page.goto("/activity");
    return page.locator("main").getByRole("listitem").or(page.locator("main tbody tr")).allInnerTexts();
  };
  const before = (await events()).length;
  expect(before).toBeGreaterThan(2);

  const site = await openHostileSite(new URL(page.url()).hostname);
  const hostile = await page.context().newPage();
  for (const url of [site.sibling, site.stranger]) {
    await hostile.goto(url);
    expect(await hostile.evaluate(attack, { origin, actions })).toEqual([]);
    for (const sandboxed of [true, false]) {
      await hostile.goto(url);
      await hostile.evaluate(sendForm, { origin, action: actions[0] ?? "", sandboxed });
      const place = sandboxed ? hostile.frameLocator("iframe") : hostile;
      await expect(place.getByText(refusal)).toBeVisible();
    }
    await hostile.goto(url);
    await hostile.evaluate((src) => {
      const frame = document.createElement("iframe");
      frame.src = src;
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener("load", resolve));
    }, `${origin}/security`);
    await expect(hostile.frameLocator("iframe").getByText("Account Security Token")).toHaveCount(0);
  }
  await hostile.close();
  site.close();

  expect((await events()).length).toBe(before);
  await page.goto("/security");
  await expect(tokenModule(page).getByText("Active", { exact: true })).toBeVisible();

  // The same request from our own page does work: it was the origin that was refused.
  const id = actions[0] ?? "";
  const status = await page.evaluate(async (action) => {
    const headers = { "next-action": action };
    return (await fetch("/security", { method: "POST", headers, body: "[]" })).status;
  }, id);
  expect(status).toBe(200);
  await page.goto("/security");
  await expect(tokenModule(page).getByText("Disabled", { exact: true })).toBeVisible();
});

test("password fields hide what is typed, and let it be pasted", async ({ page }) => {
  for (const [path, autocomplete] of [
    ["/login", "current-password"],
    ["/register", "new-password"],
  ] as const) {
    await page.goto(path);
    const field = page.getByLabel("Password", { exact: true });
    await expect(field).toHaveAttribute("type", "password");
    await expect(field).toHaveAttribute("autocomplete", autocomplete);
    const pasted = await field.evaluate((input) =>
      input.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true })),
    );
    expect(pasted, "nothing prevents it").toBe(true);
  }
});
