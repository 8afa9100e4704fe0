import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "./folders";

/** Folders of the table in docs/contributing/architecture.md, each with those it may import. */
function documented(): Map<string, string[]> {
  const text = readFileSync(join(checkout, "docs", "contributing", "architecture.md"), "utf8");
  const rows = text.matchAll(/^\| `([\w/]+)` \| [^|]+ \| ([^|]+) \|$/gm);
  return new Map(
    [...rows].map(([, folder = "", may = ""]) => [
      folder,
      [...may.matchAll(/`([\w/]+)`/g)].map(([, to = ""]) => to),
    ]),
  );
}

const fileOf = (from: string, to: string) => `${from}/x/imports-${to.replace("/", "-")}.ts`;

/** What the linter says of one file for each pair of folders that imports the second from the first. */
function lintAllPairs(folders: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "latchkey-lint-"));
  try {
    const rules = JSON.parse(readFileSync(join(checkout, "biome.json"), "utf8"));
    // The linter then works without a git repository around the files.
    writeFileSync(join(root, "biome.json"), JSON.stringify({ ...rules, $schema: undefined, vcs: undefined }));
    for (const from of folders) {
      for (const to of folders) {
        const path = join(root, fileOf(from, to));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, `import * as imported from "@/${to}/y";\n\nexport const used = imported;\n`);
      }
    }
    const biome = join(checkout, "node_modules", "@biomejs", "biome", "bin", "biome");
    const flags = ["lint", "--max-diagnostics=none", "--reporter=github", "."];
    const { stdout, stderr } = spawnSync(process.execPath, [biome, ...flags], {
      cwd: root,
      encoding: "utf8",
    });
    return stdout + stderr;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test("the table of folders in docs/contributing/architecture.md is what the linter enforces", () => {
  const table = documented();
  const folders = [...table.keys()];
  expect(folders.length).toBeGreaterThan(10);
  const refused = lintAllPairs(folders)
    .split("\n")
    .filter((line) => line.includes("noRestrictedImports"));
  const enforced = folders.map((from) => [
    from,
    folders.filter((to) => to !== from && !refused.some((line) => line.includes(fileOf(from, to)))).sort(),
  ]);
  expect(Object.fromEntries(enforced)).toEqual(
    Object.fromEntries([...table].map(([from, to]) => [from, to.sort()])),
  );
});
