import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import english from "@/lib/i18n/messages/en";
import { checkout } from "@/server/folders";
import { blocksOf, documents, readDocument } from "./blocks";
import { bare, commandsIn } from "./shell-words";

const { scripts, version }: { scripts: Record<string, string>; version: string } = JSON.parse(
  readFileSync(join(checkout, "package.json"), "utf8"),
);

/** Options of each command of `latchkey`, as the reference has them; a test of the command line holds it to the truth. */
const options = new Map(
  [
    ...readDocument("docs/reference/command-line.md").matchAll(
      /^## ([a-z-]+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm,
    ),
  ].map(([, name = "", text = ""]) => [
    name,
    new Set([...text.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, option]) => option)),
  ]),
);

/** What is wrong with a call of `latchkey`. */
function faultsOfCall([name = "", ...args]: readonly string[]): string[] {
  if (["--help", "help", "COMMAND"].includes(name)) return [];
  const known = options.get(name);
  if (!known) return [`latchkey ${name}`];
  return args
    .filter((arg) => arg.startsWith("--"))
    .filter((arg) => !known.has(arg.slice(2).split("=")[0]))
    .map((arg) => `latchkey ${name} ${arg}`);
}

/** Other programs that the documents call. Those of Latchkey, npm and Docker are looked at more closely. */
const others =
  /^(?:age-keygen|awk|cd|curl|export|git|install|jq|node|openssl|printf|sed|sha256sum|systemctl|tar|tr|unbase64url|useradd|while|xxd)$/;

const afterCompose = (words: readonly string[]) => {
  const at = words.findIndex(
    (word, index) => index > 1 && !word.startsWith("-") && words[index - 1] !== "-f",
  );
  return { action: words[at], rest: words.slice(at + 1) };
};

/** What is wrong with a command: names and files that there are not. */
function faultsOf(command: readonly string[]): string[] {
  const [program = "", ...args] = bare(command);
  const missing = command.filter(
    (word) => /^(?:deploy|docs)\//.test(word) && !existsSync(join(checkout, word)),
  );
  if (program === "" || others.test(program)) return missing;
  if (program === "latchkey") return [...missing, ...faultsOfCall(args)];
  if (program === "npm") {
    const script = args[0] === "run" ? (args[1] ?? "") : (args[0] ?? "");
    if (!Object.hasOwn(scripts, script)) return [`npm run ${script}`];
    const given = args.slice(args.indexOf("--") + 1);
    if (script === "latchkey") return [...missing, ...faultsOfCall(given)];
    return options.has(script) && args.includes("--")
      ? [...missing, ...faultsOfCall([script, ...given])]
      : missing;
  }
  if (program === "docker" && args[0] === "compose") {
    const { action = "", rest } = afterCompose(command);
    if (!["up", "down", "exec", "run"].includes(action)) return [`docker compose ${action}`];
    const call = rest.lastIndexOf("latchkey");
    return call === -1 ? missing : [...missing, ...faultsOfCall(rest.slice(call + 1))];
  }
  if (program === "docker" && /^(?:build|buildx|exec|ps|run)$/.test(args[0] ?? "")) return missing;
  return [...missing, `there is no check for ${program}`];
}

const markers = /^(?:calls (?:open|enforced)|commands|containers(?: new-machine)?|read)$/;

describe.each(documents)("%s", (document) => {
  const text = readDocument(document);
  const blocks = blocksOf(document);
  const shell = blocks.filter(({ language }) => /^(?:sh|bash|shell|console)$/.test(language));

  test("says of every block of commands by which test it is run, and names only what there is", () => {
    expect(
      shell.filter(({ marker }) => !markers.test(marker)).map(({ marker, text }) => [marker, text]),
    ).toEqual([]);
    const unnamed = blocks.filter(
      ({ language, text }) => language === "" && /^(?:npm|curl|docker|latchkey) /m.test(text),
    );
    expect(unnamed).toEqual([]);
    expect(shell.flatMap(({ text }) => commandsIn(text).flatMap(faultsOf))).toEqual([]);
  });

  test("names only files, sections, commands and options that there are", () => {
    const from = dirname(document);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
      ([, path = "", section]) => ({
        path: path === "" ? document : join(from, path),
        section,
      }),
    );
    const pictures = [...text.matchAll(/ (?:src|srcset)="(?!https?:)([^"]+)"/g)].map(([, path = ""]) =>
      join(from, path),
    );
    const paths = [
      ...text.matchAll(/`((?:app|components|deploy|docs|e2e|lib|prisma|server|test)\/[\w.()[\]/-]+)`/g),
    ];
    const missing = [
      ...links.map(({ path }) => path),
      ...pictures,
      ...paths.map(([, path = ""]) => path),
    ].filter((path) => !path.includes("NNNN") && !existsSync(join(checkout, path)));
    const lost = links.filter(
      ({ path, section }) =>
        section && path.endsWith(".md") && existsSync(path) && !sectionsOf(path).has(section),
    );
    const inline = [...text.matchAll(/`((?:npm (?:run )?|latchkey )[^`\n]+)`/g)].map(([, code = ""]) => code);
    const faults = inline
      .filter((code) => !code.includes("COMMAND"))
      .flatMap((code) => commandsIn(code).flatMap(faultsOf));
    const images = [...text.matchAll(/latchkey:(\d[\w.-]*)/g)].map(([, tag]) => tag);
    expect(images.filter((tag) => tag !== version)).toEqual([]);
    expect([...missing, ...lost.map(({ path, section }) => `${path}#${section}`), ...faults]).toEqual([]);
  });
});

/** Headings of a document, as links name them. */
function sectionsOf(document: string): Set<string> {
  const headings = readDocument(document).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test("every block of commands is one that a shell can read", () => {
  const shell = documents.flatMap((document) =>
    blocksOf(document).filter(({ language }) => language === "sh"),
  );
  expect(shell.length).toBeGreaterThan(20);
  const script = shell.map(({ text }, at) => `block_${at}() {\n:\n${text}\n}`).join("\n");
  const { status, stderr } = spawnSync("bash", ["-n"], {
    input: script.replace(/<([a-z ]+)>/g, "$1"),
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});

/** Every sentence of the dashboard, without what is filled in. */
const sentences = new Set<string>();
function collect(part: unknown): void {
  if (typeof part === "string")
    sentences.add(
      part
        .replace(/<[^>]+>|\{[^{}]*\}/g, "")
        .replace(/…$/, "")
        .trim(),
    );
  else if (typeof part === "object" && part !== null) Object.values(part).forEach(collect);
}
collect(english);

const guides = documents.filter((document) =>
  /^(?:README|docs\/(?:start|how-to\/|operations\/monitoring))/.test(document),
);

test.each(guides)("%s names buttons, pages and fields as the dashboard does", (document) => {
  const bold = [...readDocument(document).matchAll(/(^|\n\n?|[-*] |\d\. )?\*\*([^*]+)\*\*/g)]
    // At the beginning of a paragraph or with its own full stop, it is a heading and no name.
    .filter(([, start, name = ""]) => name.includes("→") || !(start !== undefined || /[.?:,]$/.test(name)));
  const names = bold
    .flatMap(([, , name = ""]) => name.replaceAll("\n", " ").split("→"))
    .map((name) => name.replace(/ +/g, " ").replace(/[.…]$/, "").trim())
    .filter(Boolean);
  expect(names.filter((name) => !sentences.has(name))).toEqual([]);
});
