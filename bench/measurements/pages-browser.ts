import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "@playwright/test";
import { checkout } from "@/server/folders";
import type { SignedIn } from "./page";

/** What a browser saw of a page once. */
export interface SeenPage {
  readonly lcpMs: number;
  readonly inpMs: number;
  /** JavaScript that the page names, and all that is there once nothing is loaded any more; each file compressed by gzip. */
  readonly namedBytes: number;
  readonly scriptBytes: number;
}

/** A page to open, and what somebody does there. */
interface Visit {
  readonly path: string;
  readonly signedOut?: true;
  readonly use: (page: Page) => Promise<void>;
}

const userMenu = async (page: Page) => {
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.keyboard.press("Escape");
};

const visits: readonly Visit[] = [
  {
    path: "/login",
    signedOut: true,
    use: async (page) => {
      await page.getByLabel("Email").click();
      await page.keyboard.type("ana");
      await page.getByLabel("Password").click();
      await page.keyboard.type("violet");
    },
  },
  { path: "/overview", use: userMenu },
  {
    path: "/security",
    use: async (page) => {
      await userMenu(page);
      await page.getByRole("button", { name: "Deactivate Token" }).first().click();
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    },
  },
  {
    path: "/instances",
    use: async (page) => {
      await userMenu(page);
      await page.getByRole("button", { name: "New instance" }).first().click();
      await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Orders");
    },
  },
  { path: "/activity", use: userMenu },
];

/** How many times slower than it could the browser computes. */
const slowdown = 4;

/** Runs in the page, before anything of it: keeps the newest largest paint, and the longest interaction. */
function watchVitals(): void {
  const vitals = { lcpMs: 0, inpMs: 0 };
  Object.assign(window, { benchVitals: vitals });
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) vitals.lcpMs = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { interactionId, duration } = entry as PerformanceEventTiming;
      if (interactionId) vitals.inpMs = Math.max(vitals.inpMs, duration);
    }
    // Shorter ones than a frame are none that anybody feels.
  }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
}

/** Opens a page with nothing in the cache, and uses it. */
async function visit(browser: Browser, { port, cookie }: SignedIn, { path, signedOut, use }: Visit) {
  const origin = `http://127.0.0.1:${port}`;
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
  });
  try {
    const at = cookie.indexOf("=");
    const [name, value] = [cookie.slice(0, at), cookie.slice(at + 1)];
    if (!signedOut) await context.addCookies([{ name, value, url: origin }]);
    const page = await context.newPage();
    const scripts = new Map<string, Promise<number>>();
    page.on("response", (response) => {
      if (response.request().resourceType() !== "script") return;
      scripts.set(
        new URL(response.url()).pathname,
        response.body().then((body) => gzipSync(body).length),
      );
    });
    await page.addInitScript(watchVitals);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    const html = await (await page.goto(origin + path, { waitUntil: "load" }))?.text();
    // A live page never stops asking for data; scripts are what counts.
    await page.waitForTimeout(2000);
    const sizes = await Promise.all(
      [...scripts].map(async ([file, size]) => ({ named: html?.includes(file) ?? false, size: await size })),
    );
    const sum = (files: typeof sizes) => files.reduce((total, { size }) => total + size, 0);
    const vitals = async () =>
      page.evaluate(
        () => (window as unknown as { benchVitals: Pick<SeenPage, "lcpMs" | "inpMs"> }).benchVitals,
      );
    const { lcpMs } = await vitals();
    await use(page);
    await page.waitForTimeout(300);
    const { inpMs } = await vitals();
    const namedBytes = sum(sizes.filter(({ named }) => named));
    return { lcpMs, inpMs, namedBytes, scriptBytes: sum(sizes) };
  } finally {
    await context.close();
  }
}

/** Opens some pages in a Chromium on a slowed core, each once a round. */
export async function seePages(
  member: SignedIn,
  rounds: number,
): Promise<ReadonlyMap<string, readonly SeenPage[]>> {
  const { chromium } = await import("@playwright/test");
  const executablePath = readFileSync(join(checkout, "node_modules", ".latchkey", "chromium"), "utf8");
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
  ];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const seen = new Map<string, SeenPage[]>();
    for (let round = 0; round < rounds; round++) {
      for (const each of visits) {
        seen.set(each.path, [...(seen.get(each.path) ?? []), await visit(browser, member, each)]);
      }
    }
    return seen;
  } finally {
    await browser.close();
  }
}
