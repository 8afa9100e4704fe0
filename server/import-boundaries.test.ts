import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkout } from "./folders";

/** [folder of the importing file, what it imports] */
type Arrow = readonly [from: string, to: string];

const forbidden: readonly Arrow[] = [
  ["lib/domain", "@/lib/db/client"],
  ["lib/domain", "@/lib/gate/decide/judge"],
  ["lib/domain", "@/lib/services/session/list"],
  ["lib/domain", "@/lib/config"],
  ["lib/domain", "@/prisma/generated/client"],
  ["lib/domain", "@/app/layout"],
  ["lib/domain", "@/components/ui/button"],
  ["lib/domain", "@/server/start"],
  ["lib/domain", "next/headers"],
  ["lib/domain", "next"],
  ["lib/domain", "react"],
  ["lib/domain", "pg"],
  ["lib/db", "@/lib/services/session/list"],
  ["lib/db", "@/lib/gate/decide/judge"],
  ["lib/db", "@/lib/auth/current-actor"],
  ["lib/db", "@/app/layout"],
  ["lib/db", "@/server/start"],
  ["lib/db", "next/headers"],
  ["lib/net", "@/lib/services/session/list"],
  ["lib/net", "@/lib/gate/decide/judge"],
  ["lib/net", "@/lib/db/client"],
  ["lib/net", "@/lib/auth/current-actor"],
  ["lib/net", "@/lib/mail/courier"],
  ["lib/net", "@/app/layout"],
  ["lib/net", "@/components/ui/button"],
  ["lib/net", "@/server/start"],
  ["lib/net", "@/prisma/generated/client"],
  ["lib/net", "next/headers"],
  ["lib/net", "../gate/facts"],
  ["lib/gate", "@/lib/services/session/list"],
  ["lib/gate", "@/lib/auth/current-actor"],
  ["lib/gate", "@/app/layout"],
  ["lib/gate", "@/server/start"],
  ["lib/gate", "@/prisma/generated/client"],
  ["lib/gate", "next/server"],
  ["lib/gate", "@prisma/client"],
  ["lib/services/session", "@/lib/gate/decide/judge"],
  ["lib/services/session", "@/lib/auth/current-actor"],
  ["lib/services/session", "@/app/layout"],
  ["lib/services/session", "@/components/ui/button"],
  ["lib/services/session", "@/server/start"],
  ["lib/services/session", "@/prisma/generated/client"],
  ["lib/services/session", "next/headers"],
  ["lib/db", "@/lib/mail/courier"],
  ["lib/gate", "@/lib/mail/courier"],
  ["lib/services/session", "@/lib/mail/courier"],
  ["lib/mail", "@/lib/services/session/list"],
  ["lib/mail", "@/lib/auth/current-actor"],
  ["lib/mail", "@/lib/gate/decide/judge"],
  ["lib/mail", "@/app/layout"],
  ["lib/mail", "@/components/ui/button"],
  ["lib/mail", "@/server/start"],
  ["lib/mail", "@/prisma/generated/client"],
  ["lib/mail", "next/headers"],
  ["lib/mail", "react"],
  ["app/security", "@/lib/mail/courier"],
  ["components/ui", "@/lib/services/session/list"],
  ["components/ui", "@/lib/db/client"],
  ["components/ui", "@/lib/auth/current-actor"],
  ["components/ui", "@/app/layout"],
  ["components/ui", "@/server/start"],
  ["app/security", "@/lib/db/client"],
  ["app/security", "@/server/start"],
  ["app/security", "@/prisma/generated/client"],
  ["app/security", "pg"],
  ["server", "@/app/layout"],
  ["server", "@/components/ui/button"],
  ["server", "@/lib/services/session/list"],
  ["server", "@/lib/auth/current-actor"],
  // The way around the alias.
  ["lib/domain", "../db/client"],
  ["lib/domain", "../config"],
  ["lib/db", "../services/session/list"],
  ["lib/gate", "../auth/current-actor"],
  ["lib/services/session", "../../gate/facts"],
  ["lib/services/session", "../../auth/current-actor"],
  ["lib/services/session", "../../mail/courier"],
  ["lib/mail", "../services/session/list"],
  ["components/ui", "../../lib/db/client"],
  ["components/ui", "../../lib/auth/current-actor"],
  ["app/security", "../../lib/db/client"],
  ["server", "../lib/services/session/list"],
];

const allowed: readonly Arrow[] = [
  ["lib/domain", "./permissions"],
  ["lib/domain", "ipaddr.js"],
  ["lib/db", "@/lib/domain/gate"],
  ["lib/db", "@/prisma/generated/client"],
  ["lib/gate", "@/lib/domain/gate"],
  ["lib/gate", "@/lib/db/policy"],
  ["lib/gate", "@/lib/net/safe-connect"],
  ["lib/net", "@/lib/domain/upstream-url"],
  ["lib/net", "@/lib/config"],
  ["lib/net", "@/lib/crypto/keys"],
  ["lib/net", "undici"],
  ["lib/services/session", "@/lib/domain/actor"],
  ["lib/services/session", "@/lib/db/client"],
  ["lib/services/session", "@/lib/net/safe-connect"],
  ["lib/services/session", "@/lib/services/mail/queue"],
  ["lib/mail", "@/lib/domain/mail"],
  ["lib/mail", "@/lib/db/outbox"],
  ["lib/mail", "@/lib/i18n/catalogue"],
  ["lib/mail", "next-intl"],
  ["components/ui", "@/lib/domain/instance"],
  ["components/ui", "react"],
  ["app/security", "@/lib/services/session/list"],
  ["app/security", "@/lib/auth/current-actor"],
  ["app/security", "@/components/ui/button"],
  ["server", "@/lib/gate/decide/judge"],
  ["server", "@/lib/net/client-address"],
  ["server", "@/lib/db/pool"],
  ["server", "@/lib/mail/courier"],
  ["server", "@/lib/services/keeper"],
  ["server", "@/lib/services/server-status"],
];

const fileOf = ([from, to]: Arrow) => `${from}/${to.replaceAll(/[^a-z]+/gi, "-")}-imported.ts`;

describe("import boundaries", () => {
  let folder: string;
  let report: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "latchkey-lint-"));
    const rules = JSON.parse(readFileSync(join(checkout, "biome.json"), "utf8"));
    // The linter then works without a git repository around the files.
    writeFileSync(
      join(folder, "biome.json"),
      JSON.stringify({ ...rules, $schema: undefined, vcs: undefined }),
    );
    for (const arrow of [...forbidden, ...allowed]) {
      const path = join(folder, fileOf(arrow));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `import * as imported from "${arrow[1]}";\n\nexport const used = imported;\n`);
    }
    const biome = join(checkout, "node_modules", "@biomejs", "biome", "bin", "biome");
    const flags = ["lint", "--max-diagnostics=none", "--reporter=github", "."];
    const result = spawnSync(process.execPath, [biome, ...flags], { cwd: folder, encoding: "utf8" });
    report = result.stdout + result.stderr;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const complaintsAbout = (arrow: Arrow) =>
    report.split("\n").filter((line) => line.includes(fileOf(arrow)) && line.includes("noRestrictedImports"));

  it.each(forbidden)("%s may not import %s", (...arrow) => {
    expect(complaintsAbout(arrow)).toHaveLength(1);
  });

  it.each(allowed)("%s may import %s", (...arrow) => {
    expect(complaintsAbout(arrow)).toEqual([]);
  });
});

/** The packages that a program of server/ loads, also when it is bundled as set-up bundles it. */
async function packagesOf(program: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: checkout,
    entryPoints: [`server/${program}.ts`],
    outdir: "dist",
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    packages: "external",
    external: ["./*.js"],
    logLevel: "silent",
  });
  const imported = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const names = imported.map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  return [...new Set(names)].filter((name) => name !== "." && !isBuiltin(name)).sort();
}

describe("what runs in production", () => {
  const { dependencies } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));

  it.each([
    "audit-verify",
    "dashboard",
    "doctor",
    "gate",
    "gate-worker",
    "latchkey",
    "migrate",
    "operate",
    "start",
  ])("%s loads no package that is there for development only", async (program) => {
    const packages = await packagesOf(program);
    expect(packages.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });

  it("the check sees Prisma's engine in the program that draws migrations", async () => {
    expect(await packagesOf("new-migration")).toContain("@prisma/schema-engine-wasm");
  });
});
