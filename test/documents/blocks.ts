import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "@/server/folders";

/** Every document that people read; decisions tell what was true on a day, and are left out. */
export const documents: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...readdirSync(join(checkout, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.startsWith("decisions/"))
    .map((name) => `docs/${name}`),
];

/** The text of a document. */
export const readDocument = (document: string): string => readFileSync(join(checkout, document), "utf8");

/** A fenced block. Its first line says the language, and behind that by which test it is run. */
export interface Block {
  readonly document: string;
  readonly language: string;
  /** Such as `calls enforced`; empty where nothing is said. */
  readonly marker: string;
  readonly text: string;
}

/** The blocks of a document, in order, also those within lists. */
export function blocksOf(document: string): Block[] {
  const fences = readDocument(document).matchAll(/^( *)```(\S*) ?([^\n]*)\n([\s\S]*?)^ *```$/gm);
  return [...fences].map(([, indent = "", language = "", marker = "", text = ""]) => ({
    document,
    language,
    marker,
    text: text.replace(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/**
 * All blocks whose marker begins with that word, by document.
 *
 * `calls`: against a running Latchkey (calls.http.test.ts). `commands`: what whoever runs the server types
 * (commands.chaos.test.ts). `containers`: with real containers (containers.deploy.test.ts). `read`: not run, because it
 * would change the machine; what it names is held against what there is (documents.test.ts).
 */
export function blocksFor(kind: "calls" | "commands" | "containers" | "read"): Map<string, Block[]> {
  const found = documents.map((document): [string, Block[]] => [
    document,
    blocksOf(document).filter(({ marker }) => marker.split(" ")[0] === kind),
  ]);
  return new Map(found.filter(([, blocks]) => blocks.length > 0));
}

/**
 * The lines of a block that are run. An assignment with `…` in it is what the reader fills in, so the test gives its own.
 *
 * @returns also the names that are to be given
 */
export function runnable(text: string): { readonly script: string; readonly given: readonly string[] } {
  const given: string[] = [];
  const lines = text.split("\n").map((line) => {
    const [, name] = /^(?:export )?([A-Z_]+)='[^']*…[^']*'\s*(?:#.*)?$/.exec(line) ?? [];
    if (name === undefined) return line;
    given.push(name);
    return line.startsWith("export ") ? `export ${name}` : "";
  });
  return { script: lines.join("\n"), given };
}
