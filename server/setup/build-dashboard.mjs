import { readdirSync, readFileSync } from "node:fs";
import { clearStamp, fingerprint, readStamp, writeStamp } from "./fingerprint.mjs";
import { inRoot } from "./paths.mjs";
import { failed, tryCommand } from "./run-command.mjs";
import { announce } from "./say.mjs";

const folders = ["app", "components", "lib", "public", "prisma/schema.prisma", "package-lock.json"];

/** Also the files beside package.json that Next.js reads: next.config.ts, proxy.ts, tsconfig.json … */
function sources() {
  const beside = readdirSync(inRoot()).filter(
    (name) =>
      /\.(ts|mjs)$|^tsconfig\.json$/.test(name) && !/^(next-env\.d|vitest|playwright|prisma)\b/.test(name),
  );
  return [...folders, ...beside.sort()];
}

function buildId() {
  try {
    return readFileSync(inRoot(".next", "BUILD_ID"), "utf8").trim();
  } catch {
    return undefined;
  }
}

/** True when the built dashboard is missing, half built, built by hand, or older than its sources. */
export function dashboardIsDue() {
  const id = buildId();
  return id === undefined || readStamp("dashboard") !== `${id} ${fingerprint(sources())}`;
}

/** Runs `next build`. */
export async function buildDashboard() {
  await announce("building the dashboard (once, and when sources change)", async () => {
    clearStamp("dashboard");
    const before = fingerprint(sources());
    const result = await tryCommand(process.execPath, [inRoot("node_modules/next/dist/bin/next"), "build"], {
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
    });
    if (!result.ok) failed("the dashboard could not be built:", result.output, "The lines above say where.");
    writeStamp("dashboard", `${buildId()} ${before}`);
  });
}
