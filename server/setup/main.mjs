import { dashboard, databaseClient, server } from "./build.mjs";
import { chromium } from "./find-chromium.mjs";
import { inRoot } from "./fingerprint.mjs";
import { benchPackages, deployPackages, links, packages } from "./install.mjs";
import { markInUse, refuseWhileInUse, takeLock } from "./process-lock.mjs";
import { onSupportedNode } from "./runtime.mjs";
import { SetupError, say } from "./steps.mjs";

/** Notes of the programs that run from this checkout. */
const marks = inRoot("dist", ".in-use");

// A step that `disturbs` takes something away that programs read while they run.
const base = [packages, links, databaseClient, server];
// Neither needs the other.
const dashboardAndChromium = {
  isDue: () => dashboard.isDue() || chromium.isDue(),
  disturbs: dashboard.disturbs,
  run: () => Promise.all([dashboard, chromium].map((step) => step.isDue() && step.run())),
};

/**
 * What each command needs, and the program that then takes over in this same process. One that `stays` reads
 * what was set up for as long as it runs.
 */
const commands = {
  "audit-verify": { steps: base, program: "latchkey.js", args: ["audit-verify"] },
  backup: { steps: base, program: "latchkey.js", args: ["backup"] },
  bench: {
    steps: [...base, benchPackages, dashboardAndChromium],
    program: "bench.js",
    args: [],
    stays: true,
  },
  chaos: {
    steps: [...base, dashboardAndChromium],
    program: "test.js",
    args: ["--chaos"],
    stays: true,
  },
  build: { steps: [...base, dashboard], program: undefined, args: [] },
  dashboard: { steps: [...base, dashboard], program: "latchkey.js", args: ["dashboard"], stays: true },
  dev: { steps: base, program: "start.js", args: ["--dev"] },
  "end-sessions": { steps: base, program: "latchkey.js", args: ["end-sessions"] },
  gate: { steps: base, program: "latchkey.js", args: ["gate"], stays: true },
  latchkey: { steps: base, program: "latchkey.js", args: [] },
  migrate: { steps: base, program: "latchkey.js", args: ["migrate"] },
  migration: { steps: base, program: "new-migration.js", args: [] },
  "move-database": { steps: base, program: "latchkey.js", args: ["move-database"] },
  release: { steps: base, program: "release.js", args: [], stays: true },
  "reset-two-step": { steps: base, program: "latchkey.js", args: ["reset-two-step"] },
  restore: { steps: base, program: "latchkey.js", args: ["restore"] },
  "rotate-secret": { steps: base, program: "latchkey.js", args: ["rotate-secret"] },
  start: { steps: [...base, dashboard], program: "latchkey.js", args: ["start"], stays: true },
  test: { steps: [...base, dashboardAndChromium], program: "test.js", args: [], stays: true },
  "test:deploy": {
    steps: [...base, chromium, deployPackages],
    program: "test.js",
    args: ["--deploy"],
    stays: true,
  },
};

/** Waits until no other set-up works in this checkout. */
async function lockCheckout() {
  for (let waited = 0; ; waited++) {
    const lock = takeLock(inRoot("dist", ".setup.lock"));
    if (lock.held) return lock;
    if (waited === 0) say(`another set-up (process ${lock.pid}) is at work here; waiting for it …`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function locked(work) {
  const lock = await lockCheckout();
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function setUp(steps) {
  if (!steps.some((step) => step.isDue())) return;
  await locked(async () => {
    for (const step of steps) {
      if (step.disturbs?.()) refuseWhileInUse(marks);
      if (step.isDue()) await step.run();
    }
  });
}

const [asked, ...args] = process.argv.slice(2);
/** `npm run latchkey -- start` needs what `npm start` needs. */
const [name, ...rest] =
  asked === "latchkey" && commands[args[0]]?.program === "latchkey.js" ? args : [asked, ...args];

/** Only unit and database tests were asked for, file by file: they need neither pages nor a browser. */
const plainTests = (args) =>
  args.length > 0 && args.every((arg) => /\.test\.tsx?$/.test(arg) && !/\.(http|process)\.test/.test(arg));

async function run() {
  const command = Object.hasOwn(commands, name ?? "") ? commands[name] : undefined;
  if (!command) throw new SetupError(`say one of: ${Object.keys(commands).join(", ")}.`);
  await setUp(name === "test" && plainTests(rest) ? base : command.steps);
  if (command.stays) markInUse(marks, name);
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...command.args, ...rest);
  // In this process, not a second one: a signal sent to npm then reaches the program itself.
  if (command.program) await import(new URL(`../../dist/${command.program}`, import.meta.url).href);
}

try {
  if (await onSupportedNode(locked)) await run();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`Latchkey: ${error.message}\n`);
  process.exitCode = 1;
}
