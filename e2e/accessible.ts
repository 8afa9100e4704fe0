import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { configureToken, createInstance } from "./fixtures";

/** Width changes no colour, and the scheme changes nothing else; contrast is most of what axe spends its time on. */
type Question = "everything" | "all but contrast" | "contrast";

function axe(page: Page, question: Question): AxeBuilder {
  const builder = new AxeBuilder({ page });
  if (question === "contrast") return builder.withRules(["color-contrast"]);
  return question === "everything" ? builder : builder.disableRules(["color-contrast"]);
}

/** What to ask of a page in one scheme and width, when it is asked in all of them. */
function questionFor(scheme: "light" | "dark", width: number): Question | null {
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
      await expectNoSidewaysScroll(page, `${what} at ${width} px`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

type Scheme = "light" | "dark";

/** What is open now fits into the width of the window. */
export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
}

async function expectGood(page: Page, path: string, scheme: Scheme): Promise<void> {
  await page.goto(path);
  for (const width of [1280, 390, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const what = `${path} ${scheme} ${width}px`;
    await expectNoSidewaysScroll(page, what);
    const question = width === 360 ? null : questionFor(scheme, width);
    if (question) expect([what, ...(await violationsOf(page, question))]).toEqual([what]);
  }
}

/** Paths of the pages of somebody signed in. */
export const pagesWith = (instancePath: string) => [
  "/overview",
  "/instances",
  "/instances/import",
  instancePath,
  "/services",
  "/services/new?preset=evolution",
  "/security",
  "/security/addresses",
  "/activity",
  "/settings",
  "/nowhere",
];

/**
 * Every page of somebody signed in, with an instance and a token, is accessible and fits, wide and narrow.
 *
 * @param before what is done once all of it is set up
 */
export async function expectEveryPageGood(
  page: Page,
  scheme: Scheme,
  before?: () => Promise<void>,
): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await createInstance(
    page,
    "An instance whose name is as long as it may be, so that it has to wrap somewhere",
  );
  const instance = new URL(page.url()).pathname;
  await configureToken(page);
  await before?.();
  for (const path of pagesWith(instance)) await expectGood(page, path, scheme);
}

/** The same for log-in and registration. */
export async function expectDoorsGood(page: Page, scheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  for (const path of ["/login", "/register"]) await expectGood(page, path, scheme);
}
