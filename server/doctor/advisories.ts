import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Finding, finding } from "@/lib/domain/doctor";
import { checkout, explainFileError } from "../folders";
import { isStartError, reasonOf, StartError } from "../terminal";
import { failure } from "../words";
import shipped from "./advisories.json";

const version = z.string().regex(/^\d{1,6}(?:\.\d{1,6}){0,3}$/);
const day = z.iso.date();

/** Affected are versions from `from` on and before `fixed`; null: nothing is fixed yet. */
const advisory = z.object({
  id: z.string().regex(/^[A-Z]{2,8}-[\w-]{1,40}$/),
  ranges: z.array(z.object({ from: version, fixed: version.nullable() })).max(50),
});

/** A line of releases, such as 22 or 16, and the day after which nobody mends it. */
const line = z.object({ line: version, ends: day });

/** The form of a list of advisories. */
export const advisoryList = z.object({
  updated: day,
  packages: z.record(
    z.string().regex(/^[\w@/.-]{1,80}$/),
    z.object({ lines: z.array(line).max(100), advisories: z.array(advisory).max(500) }),
  ),
});

type Advisories = z.output<typeof advisoryList>;

/** Numbers of a version, compared one after the other. */
function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => text.split(".").map(Number));
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at++) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** One installed version. */
interface Installed {
  readonly name: string;
  readonly version: string;
  /** It is the PostgreSQL that Latchkey brings: nobody can update it by itself, and nobody else can reach it. */
  readonly isIncluded?: boolean;
}

/** What a list says of one installed version. `today` is a day such as 2026-11-30. */
export function judgeVersion(
  { name, version: found, isIncluded = false }: Installed,
  { packages }: Advisories,
  today: string,
): Finding {
  const { lines = [], advisories = [] } = packages[name] ?? {};
  const affecting = advisories.flatMap(({ id, ranges }) => {
    const hit = ranges.find(
      ({ from, fixed }) =>
        compareVersions(found, from) >= 0 && (fixed === null || compareVersions(found, fixed) < 0),
    );
    return hit ? [{ id, fixed: hit.fixed }] : [];
  });
  if (affecting.length > 0) {
    const fixed =
      affecting
        .map((each) => each.fixed ?? "")
        .sort(compareVersions)
        .at(-1) ?? "";
    const ids = affecting.map(({ id }) => id).join(", ");
    return finding("versions", isIncluded ? "included" : "affected", { name, version: found, ids, fixed });
  }
  const own = lines.find((each) => `${found}.`.startsWith(`${each.line}.`));
  if (own && own.ends < today) return finding("versions", "ending", { name, version: found, ends: own.ends });
  return finding("versions", "unaffected", { name, version: found });
}

const fileName = "advisories.json";
const largest = 1_000_000;
const patienceMs = 20_000;

/** @throws StartError for what is no list */
function parse(text: string, from: string): Advisories {
  let value: unknown;
  try {
    value = text.length > largest ? undefined : JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = advisoryList.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StartError(failure("advisories.noList", { from }));
}

/** @throws StartError when it does not answer, or over plain http, which anybody on the way could have written */
async function fetchText(url: URL): Promise<string> {
  if (url.protocol !== "https:" && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname))
    throw new StartError(failure("advisories.plainHttp"));
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    if (!response.ok) throw new StartError(failure("advisories.status", { status: response.status }));
    return await response.text();
  } catch (error) {
    throw error instanceof StartError
      ? error
      : new StartError(failure("advisories.silent", { host: url.host }));
  }
}

/**
 * Gets the newest list from an address or a path and keeps it in the data directory. An older one than that which is
 * known changes nothing.
 *
 * @throws StartError when it cannot be had or kept
 */
export async function refreshAdvisories(from: string, folder: string): Promise<void> {
  const text = /^https?:\/\//i.test(from) ? await fetchText(new URL(from)) : readFileText(from);
  const fresh = parse(text, "ADVISORIES_URL");
  const path = join(folder, fileName);
  if (fresh.updated < known(folder).updated) return;
  try {
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(fresh), { mode: 0o600 });
    renameSync(`${path}.${process.pid}`, path);
  } catch (error) {
    throw explainFileError(error, path);
  }
}

function readFileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** The newer of the list that was shipped and the one that was kept. @throws StartError for a damaged one */
function known(folder: string | null): Advisories {
  const ours = advisoryList.parse(shipped);
  const path = folder === null ? null : join(folder, fileName);
  if (path === null || !existsSync(path)) return ours;
  const kept = parse(readFileText(path), path);
  return kept.updated > ours.updated ? kept : ours;
}

/** The version of an installed package; undefined when it is not installed here. */
function installed(...path: readonly string[]): string | undefined {
  try {
    return JSON.parse(readFileSync(join(checkout, ...path, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

const staleAfterDays = 90;

/** What is known of the versions that run here, and how old that knowledge is. */
export function checkVersions(
  folder: string | null,
  postgres: { readonly version: string | undefined; readonly isIncluded: boolean },
  now: Date,
): readonly Finding[] {
  let advisories: Advisories;
  try {
    advisories = known(folder);
  } catch (error) {
    if (!isStartError(error)) throw error;
    return [finding("advisories", "unread", { reason: reasonOf(error) })];
  }
  const { updated } = advisories;
  const days = Math.floor((now.getTime() - Date.parse(updated)) / 86_400_000);
  const versions: readonly (readonly [name: string, version: string | undefined])[] = [
    ["latchkey", installed()],
    ["node", process.versions.node],
    ["postgresql", postgres.version],
    ["undici", installed("node_modules", "undici")],
    ["next", installed("node_modules", "next")],
  ];
  const today = now.toISOString().slice(0, 10);
  return [
    finding("advisories", days > staleAfterDays ? "stale" : "fresh", { updated, days }),
    ...versions.flatMap(([name, found]) =>
      found === undefined
        ? []
        : [
            judgeVersion(
              { name, version: found, isIncluded: name === "postgresql" && postgres.isIncluded },
              advisories,
              today,
            ),
          ],
    ),
  ];
}
