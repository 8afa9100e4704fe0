import { defineConfig, devices } from "@playwright/test";

const chromium = process.env.CHROMIUM_PATH;

/**
 * Browser journeys in e2e/. `npm test` gives them a fresh server with open registration
 * (LATCHKEY_TEST_URL), one on an empty database with closed registration (LATCHKEY_TEST_CLOSED_URL),
 * and a browser (CHROMIUM_PATH).
 */
export default defineConfig({
  testDir: "e2e",
  testIgnore: process.env.LATCHKEY_TEST_LONG ? [] : ["**/*.long.spec.ts"],
  outputDir: "test-results/e2e",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  // A busy machine is late, not wrong.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 900 },
    // Nothing is waited for that only fades.
    contextOptions: { reducedMotion: "reduce" },
    baseURL: process.env.LATCHKEY_TEST_URL ?? "http://127.0.0.1:3000",
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
