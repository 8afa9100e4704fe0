import { readFileSync } from "node:fs";
import { expectDoorsGood, expectEveryPageGood, expectNoSidewaysScroll, violationsOf } from "./accessible";
import { createInstance, expect, test } from "./fixtures";

const languages = ["pt-BR", "es"];

/** The messages of one file. */
function messagesOf(language: string, file: string) {
  return JSON.parse(readFileSync(`lib/i18n/messages/${language}/${file}.json`, "utf8"));
}

for (const language of languages) {
  test(`every page and door is accessible and fits on wide and narrow screens in ${language}`, async ({
    owner: { page },
    browser,
    contextOptions,
    baseURL,
  }) => {
    test.slow();
    const url = baseURL ?? "";
    const cookie = { name: "latchkey.language", value: language, url };
    await expectEveryPageGood(page, "light", () => page.context().addCookies([cookie]));
    await expect(page.locator("html")).toHaveAttribute("lang", language);

    const context = await browser.newContext({ ...contextOptions, locale: language });
    const door = await context.newPage();
    await expectDoorsGood(door, "light");
    await context.close();
  });

  test(`dialogs fit at 360 px in ${language}`, async ({ owner: { page }, baseURL }) => {
    await createInstance(page, "Orders");
    await page.context().addCookies([{ name: "latchkey.language", value: language, url: baseURL ?? "" }]);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize({ width: 360, height: 800 });
    const { action, newToken } = messagesOf(language, "security");
    const openers: readonly (readonly [path: string, button: string])[] = [
      ["/instances", messagesOf(language, "instances").create.open],
      ["/security", action.configure],
      ["/security", action.activate],
      ["/security", action.arm],
      ["/security", action.protect],
      ["/security", action.regenerate],
      ["/settings", messagesOf(language, "two-step").app.setUp],
      ["/settings", messagesOf(language, "members").invite.open],
      ["/settings", messagesOf(language, "account").delete.open],
    ];
    for (const [path, name] of openers) {
      await page.goto(path);
      await page.getByRole("main").getByRole("button", { name, exact: true }).first().click();
      const dialog = page.getByRole("dialog");
      await expect(dialog).toBeVisible();
      await expectNoSidewaysScroll(page, `${path} ${name}`);
      const inner = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(inner, `the dialog ${name} scrolls sideways`).toBeLessThanOrEqual(0);
      expect([name, ...(await violationsOf(page, "all but contrast"))]).toEqual([name]);
      // The token that was made is shown in a dialog that only its button closes.
      const done = dialog.getByRole("button", { name: newToken.done, exact: true });
      if (await done.isVisible()) await done.click();
      else await page.keyboard.press("Escape");
      await expect(dialog).toBeHidden();
    }
  });
}
