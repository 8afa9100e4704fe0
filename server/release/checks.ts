import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../command";

/** What is released. */
export interface Source {
  readonly version: string;
  /** The commit, whole. */
  readonly revision: string;
  /** When it was committed, in seconds: the time that everything in the release has. */
  readonly epoch: number;
}

/** @throws Refusal with what git says */
function git(root: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Refusal(`git ${args[0]} does not work here: ${(stderr ?? "").trim()}`);
  return stdout.trim();
}

const manifest = z.object({ version: z.string(), released: z.string() });

/** The numbered entries of a changelog (keepachangelog.com), newest first. */
export function changelogEntries(
  text: string,
): readonly { readonly version: string; readonly date: string }[] {
  return [...text.matchAll(/^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$/gm)].map(
    ([, version = "", date = ""]) => ({ version, date }),
  );
}

/**
 * Finds out what would be released, and whether it may be.
 *
 * @param again it was released already, and is only built to be compared
 * @throws Refusal for changes that are not committed, a version that CHANGELOG.md does not tell of, or one that has its tag
 */
export function releasableSource(root: string, { again }: { readonly again: boolean }): Source {
  const dirty = git(root, "status", "--porcelain").split("\n").filter(Boolean);
  if (dirty.length > 0)
    throw new Refusal(
      `${dirty.length} files differ from the last commit (${dirty[0]?.trim()}): a release is made of what is committed.`,
    );
  const read = (name: string) => readFileSync(join(root, name), "utf8");
  const { version, released } = manifest.parse(JSON.parse(read("package.json")));
  const entry = changelogEntries(read("CHANGELOG.md")).find((each) => each.version === version);
  if (!entry)
    throw new Refusal(
      `CHANGELOG.md has no entry for ${version}: write "## [${version}] - ${released}", or raise the version in package.json.`,
    );
  if (entry.date !== released)
    throw new Refusal(
      `${version} is of ${entry.date} in CHANGELOG.md and of ${released} in package.json (released): make them one.`,
    );
  const tag = `v${version}`;
  if (!again && git(root, "tag", "--list", tag) !== "")
    throw new Refusal(
      `the tag ${tag} is there already: a version is released once. Raise the version, or use --check.`,
    );
  const epoch = Number(git(root, "log", "-1", "--format=%ct"));
  return { version, revision: git(root, "rev-parse", "HEAD"), epoch };
}
