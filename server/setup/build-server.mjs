import { existsSync } from "node:fs";
import { clearStamp, fingerprint, readStamp, writeStamp } from "./fingerprint.mjs";
import { inRoot, root } from "./paths.mjs";
import { announce, SetupError } from "./say.mjs";

const sources = ["server", "lib", "bench", "prisma/schema.prisma", "tsconfig.json", "package-lock.json"];
/** Each program's name in dist/ and its source. */
const programs = {
  "audit-verify": "server/audit-verify.ts",
  bench: "bench/main.ts",
  dashboard: "server/dashboard.ts",
  "end-sessions": "server/end-sessions.ts",
  gate: "server/gate.ts",
  migrate: "server/migrate.ts",
  "new-migration": "server/new-migration.ts",
  output: "server/output.ts",
  "reset-two-step": "server/reset-two-step.ts",
  start: "server/start.ts",
  test: "server/test.ts",
};

/** True when a program in dist/ is missing or older than its sources. */
export function serverIsDue() {
  return (
    !Object.keys(programs).every((name) => existsSync(inRoot("dist", `${name}.js`))) ||
    readStamp("server") !== fingerprint(sources)
  );
}

/** Bundles each program of server/ into one file of dist/. */
export async function buildServer() {
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
        target: "node20",
        format: "esm",
        packages: "external",
        // A module of its own, so that it runs before the packages that a program imports.
        external: ["./output.js"],
        sourcemap: "linked",
        logLevel: "error",
      });
    } catch {
      throw new SetupError("the server could not be built; the lines above say where.");
    }
    writeStamp("server", fingerprint(sources));
  });
}
