import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Width changes no colour, and the scheme changes nothing else; contrast is most of what axe spends its time on. */
type Question = "everything" | "all but contrast" | "contrast";

function axe(page: Page, question: Question): AxeBuilder {
  const builder = new AxeBuilder({ page });
  if (question === "contrast") return builder.withRules(["color-contrast"]);
  return question === "everything" ? builder : builder.disableRules(["color-contrast"]);
}

/** What to ask of a page in one scheme and width, when it is asked in all of them. */
export function questionFor(scheme: "light" | "dark", width: number): Question | null {
  if (scheme === "light") return width > 640 ? "everything" : "all but contrast";
  return width > 640 ? "contrast" : null;
}

/** What axe finds wrong with what is open now, once nothing moves: half-faded text would be measured. */
export async function violationsOf(page: Page, question: Question = "everything"): Promise<string[]> {
  await page.evaluate(() => {
    // A spinner never finishes.
    const moving = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(moving.map((each) => each.finished));
  });
  const { violations } = await axe(page, question).analyze();
  return violations.map(({ id, nodes }) => `${id} ${nodes.map((node) => node.target).join(", ")}`);
}

/** What is open now has no violation and does not scroll sideways, wide and narrow, light and dark. */
export async function expectAccessibleEverywhere(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const question = questionFor(colorScheme, width);
      const found = question ? await violationsOf(page, question) : [];
      expect([what, colorScheme, width, ...found]).toEqual([what, colorScheme, width]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${what} at ${width} px scrolls sideways`).toBeLessThanOrEqual(0);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}
