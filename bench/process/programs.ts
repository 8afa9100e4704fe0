import { join } from "node:path";
import { checkout } from "@/server/checkout";

const names = [
  "node-http",
  "undici",
  "fastify",
  "express",
  "constant-rate",
  "sweep",
  "flood",
  "preflight-reads",
] as const;

/** Programs of bench/programs: servers to compare with, generators of load, and readers. */
export type ProgramName = (typeof names)[number];

const folder = join(checkout, "dist", "bench");

/** Bundles every program into plain JavaScript, as the product's own processes are. */
export async function buildPrograms(): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: checkout,
    entryPoints: names.map((name) => `bench/programs/${name}.ts`),
    outdir: folder,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
}

/** The path of a built program. */
export function programPath(name: ProgramName): string {
  return join(folder, `${name}.js`);
}
