import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { clearStamp, fingerprint, inRoot, readStamp, root, writeStamp } from "./fingerprint.mjs";
import { announce, failed, SetupError, tryCommand } from "./steps.mjs";

const clientSources = ["prisma/schema.prisma", "prisma.config.ts", "node_modules/prisma/package.json"];

async function generateClient() {
  await announce("generating the database client", async () => {
    clearStamp("client");
    const result = await tryCommand(
      process.execPath,
      [inRoot("node_modules/prisma/build/index.js"), "generate"],
      // Generating needs no engine, yet Prisma downloads one unless it is told that there is one.
      { env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" } },
    );
    if (!result.ok)
      failed("Prisma could not generate its client:", result.output, "Mend prisma/schema.prisma.");
    writeStamp("client", fingerprint(clientSources));
  });
}

/** Generates the Prisma client, when it is missing or older than the schema. */
export const databaseClient = {
  isDue: () =>
    !existsSync(inRoot("prisma/generated/client.ts")) || readStamp("client") !== fingerprint(clientSources),
  run: generateClient,
};

const serverSources = [
  "server",
  "lib",
  "test",
  "bench",
  // The bench opens a page as the real one does.
  "components/live",
  "prisma/schema.prisma",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];
/** What runs Latchkey: each program's name in dist/ and its source. An image has these and no others. */
export const shippedPrograms = {
  "audit-verify": "server/audit-verify.ts",
  backup: "server/backup.ts",
  dashboard: "server/dashboard.ts",
  doctor: "server/doctor.ts",
  gate: "server/gate.ts",
  "gate-worker": "server/gate-worker.ts",
  latchkey: "server/latchkey.ts",
  migrate: "server/migrate.ts",
  "move-database": "server/move-database.ts",
  output: "server/output.ts",
  operate: "server/operate.ts",
  restore: "server/restore.ts",
  "rotate-secret": "server/rotate-secret.ts",
  start: "server/start.ts",
};

/** The same, with what whoever changes Latchkey runs. */
const programs = {
  ...shippedPrograms,
  bench: "bench/main.ts",
  "new-migration": "server/new-migration.ts",
  notices: "server/release/notices.ts",
  release: "server/release.ts",
  simulation: "test/simulation/worker.ts",
  test: "test/run.ts",
};

async function buildServer() {
  await announce("building the server", async () => {
    clearStamp("server");
    const { build } = await import("esbuild");
    try {
      await build({
        absWorkingDir: root,
        entryPoints: programs,
        outdir: "dist",
        bundle: true,
        platform: "node",
        target: "node22",
        format: "esm",
        packages: "external",
        // Modules of their own: one runs before the packages that a program imports, the others are loaded by whoever
        // needs them, and by nobody else.
        external: Object.keys(programs).map((name) => `./${name}.js`),
        sourcemap: "linked",
        logLevel: "error",
      });
    } catch {
      throw new SetupError("the server could not be built; the lines above say where.");
    }
    writeStamp("server", fingerprint(serverSources));
  });
}

/** Bundles each program into one file of dist/, when one is missing or older than its sources. */
export const server = {
  isDue: () =>
    !Object.keys(programs).every((name) => existsSync(inRoot("dist", `${name}.js`))) ||
    readStamp("server") !== fingerprint(serverSources),
  run: buildServer,
};

const dashboardFolders = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/schema.prisma",
  "package.json",
  "package-lock.json",
];

/** Also the files beside package.json that Next.js reads: next.config.ts, proxy.ts, tsconfig.json … */
function dashboardSources() {
  const beside = readdirSync(inRoot()).filter(
    (name) =>
      /\.(ts|mjs)$|^tsconfig\.json$/.test(name) && !/^(next-env\.d|vitest|playwright|prisma)\b/.test(name),
  );
  return [...dashboardFolders, ...beside.sort()];
}

function buildId() {
  try {
    return readFileSync(inRoot(".next", "BUILD_ID"), "utf8").trim();
  } catch {
    return undefined;
  }
}

/** True when the built dashboard is missing, half built, built by hand, or older than its sources. */
function dashboardIsDue() {
  const id = buildId();
  return id === undefined || readStamp("dashboard") !== `${id} ${fingerprint(dashboardSources())}`;
}

/**
 * What Next.js would make up anew for every build, made of the commit that is released: then two builds of it are the same.
 * Names of server functions are made with the key, so it is needed; it seals nothing, and image.mjs takes it out.
 */
function fixedByRevision() {
  const revision = process.env.LATCHKEY_REVISION ?? "";
  if (!/^[0-9a-f]{40,64}$/.test(revision)) return { LATCHKEY_REVISION: "" };
  return { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: createHash("sha256").update(revision).digest("base64") };
}

async function buildDashboard() {
  await announce("building the dashboard (once, and when sources change)", async () => {
    clearStamp("dashboard");
    const before = fingerprint(dashboardSources());
    const result = await tryCommand(process.execPath, [inRoot("node_modules/next/dist/bin/next"), "build"], {
      env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ...fixedByRevision() },
    });
    if (!result.ok) failed("the dashboard could not be built:", result.output, "The lines above say where.");
    writeStamp("dashboard", `${buildId()} ${before}`);
  });
}

/** Runs `next build`. It takes away what a running dashboard reads. */
export const dashboard = { isDue: dashboardIsDue, run: buildDashboard, disturbs: dashboardIsDue };
