import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

// What a page's client components say has to come with the page, and nothing else should: ClientMessages names it.

const root = join(import.meta.dirname, "../..");

interface Source {
  readonly imports: readonly string[];
  readonly isClient: boolean;
  /** Areas of the catalogue that it says something of. */
  readonly says: readonly string[];
  /** Areas that it gives to what is below it. */
  readonly gives: readonly string[];
}

const known = new Map<string, Source>();

function moduleOf(specifier: string, from: string): string[] {
  if (!/^(?:@\/|\.)/.test(specifier)) return [];
  const base = specifier.startsWith("@/") ? specifier.slice(2) : join(dirname(from), specifier);
  return [`${base}.ts`, `${base}.tsx`, join(base, "index.ts")].filter((path) => existsSync(join(root, path)));
}

function read(path: string): Source {
  const found = known.get(path);
  if (found) return found;
  const text = readFileSync(join(root, path), "utf8");
  const specifiers = [
    ...text.matchAll(/^(?:import|export) (?!type )[^;]*? from "([^"]+)"/gm),
    ...text.matchAll(/\bimport\("([^"]+)"\)/g),
  ].map(([, specifier = ""]) => specifier);
  const areas = (list: string) => [...list.matchAll(/"(\w+)"/g)].map(([, area = ""]) => area);
  const source = {
    // A client knows of a server action that it is there.
    imports: text.startsWith('"use server"') ? [] : specifiers.flatMap((each) => moduleOf(each, path)),
    isClient: text.startsWith('"use client"'),
    says: [...text.matchAll(/\buseTranslations\(["`](\w+)/g)].map(([, area = ""]) => area),
    gives: [...text.matchAll(/<ClientMessages of=\{\[([^\]]*)\]\}/g)].flatMap(([, list = ""]) => areas(list)),
  };
  known.set(path, source);
  return source;
}

/** Areas that a page's client components say something of, whatever way they are reached. */
function saidBy(page: string): Set<string> {
  const [said, seen] = [new Set<string>(), new Set<string>()];
  const walk = (path: string, below: boolean) => {
    const { imports, isClient, says } = read(path);
    const onClient = below || isClient;
    const visit = `${path} ${onClient}`;
    if (seen.has(visit)) return;
    seen.add(visit);
    if (onClient) for (const area of says) said.add(area);
    for (const each of imports) walk(each, onClient);
  };
  walk(page, false);
  return said;
}

const everywhere = ["broken", "common", "errors"];

const pages = readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" })
  .filter((path) => /\b(?:page|layout|error|not-found)\.tsx$/.test(path))
  .map((path) => join("app", path));

describe.each(pages)("%s", (page) => {
  const said = [...saidBy(page)].filter((area) => !everywhere.includes(area)).sort();

  it("brings the messages of its client components", () => {
    const around = page.startsWith("app/(auth)/") ? read("app/(auth)/layout.tsx").gives : [];
    const { gives } = read(page);
    // A page that gives its own takes the place of those around it.
    const given = gives.length > 0 ? gives : around;
    expect(said.filter((area) => !given.includes(area))).toEqual([]);
  });

  it("brings no others", () => {
    if (page !== "app/(auth)/layout.tsx")
      expect([...new Set(read(page).gives)].sort()).toEqual(read(page).gives.length > 0 ? said : []);
  });
});

it("knows what a page says", () => {
  expect(saidBy("app/(dashboard)/security/page.tsx")).toContain("preflight");
  expect(saidBy("app/(dashboard)/overview/page.tsx")).not.toContain("overview");
});
