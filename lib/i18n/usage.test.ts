import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { parseSync } from "vite";
import { describe, expect, it } from "vitest";
import { catalogues } from "./catalogue";

// What the source says of messages, read from its syntax trees: which it names, and what it says without them.

const root = join(import.meta.dirname, "../..");
const folders = ["app", "components", "lib", "server"];

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.includes("messages/"))
    .map((path) => join(folder, path)),
);

/** A node with all below it, the outer ones first. */
function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const each of value) yield* nodesOf(each);
  if (!isNode(value)) return;
  yield value;
  for (const [key, each] of Object.entries(value)) if (key !== "parent") yield* nodesOf(each);
}

const trees = new Map(
  sources.map((path) => [
    path,
    [...nodesOf(parseSync(path, readFileSync(join(root, path), "utf8")).program)],
  ]),
);

/** A text, as an expression: what stands for `b` in `a.${b}` is captured. Null for what is no text. */
function patternOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === "Literal") return typeof node.value === "string" ? escaped(node.value) : null;
  if (node.type !== "TemplateLiteral") return null;
  const quasis = node.quasis as readonly { readonly value: { readonly raw: string } }[];
  return quasis.map(({ value }) => escaped(value.raw)).join(unknown);
}

const unknown = "([\\w.-]+)";

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const nameOf = (node: unknown): string | null =>
  isNode(node) && node.type === "Identifier" && typeof node.name === "string" ? node.name : null;

const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);

/** Texts that an expression can come to by itself: of `ready ? "yes" : "no"` both. */
function textsIn(node: unknown): string[] {
  if (!isNode(node)) return [];
  if (node.type === "JSXExpressionContainer") return textsIn(node.expression);
  if (node.type === "ConditionalExpression") return [...textsIn(node.consequent), ...textsIn(node.alternate)];
  if (node.type === "LogicalExpression") return [...textsIn(node.left), ...textsIn(node.right)];
  const text = patternOf(node);
  return text === null ? [] : [text];
}

const makers = new Set(["useTranslations", "getTranslations", "wordsOfCatalogue"]);

/** The namespace that a translator is made for, "" being all; null for what makes none. */
function namespaceOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === "AwaitExpression") return namespaceOf(node.argument);
  if (node.type === "CallExpression" && makers.has(nameOf(node.callee) ?? "")) {
    return patternOf(first(node.arguments)) ?? "";
  }
  if (node.type === "CallExpression" && nameOf(node.callee) === "createTranslator") {
    return namespaceOf([...nodesOf(node.arguments)].find((each) => nameOf(each.key) === "namespace")) ?? "";
  }
  // ReturnType<typeof useTranslations<"preflight">>
  if (node.type === "TSTypeQuery" && makers.has(nameOf(node.exprName) ?? "")) {
    return patternOf([...nodesOf(node.typeArguments)].find(({ type }) => type === "Literal")) ?? "";
  }
  if (node.type === "Property" && nameOf(node.key) === "namespace") return patternOf(node.value);
  return null;
}

/** Translators that a file makes for others to import, by their names: no two exports have one name. */
const exported = new Map(
  [...trees.values()].flat().flatMap((node) => {
    if (node.type !== "ExportNamedDeclaration" || !isNode(node.declaration)) return [];
    return ((node.declaration.declarations ?? []) as readonly Node[]).flatMap(({ id, init }) => {
      const [name, namespace] = [nameOf(id), namespaceOf(init)];
      return name !== null && namespace !== null ? [[name, namespace] as const] : [];
    });
  }),
);

/** The translators of a file, by the name they are called by; "" for those that are handed on. */
function translatorsOf(nodes: readonly Node[]): Map<string, string[]> {
  const imported = nodes.flatMap((node) => {
    const name = node.type === "ImportSpecifier" ? nameOf(node.local) : null;
    const namespace = name === null ? undefined : exported.get(name);
    return name === null || namespace === undefined ? [] : [[name, [namespace]] as [string, string[]]];
  });
  const found = new Map<string, string[]>([
    ["", imported.flatMap(([, namespaces]) => namespaces)],
    ...imported,
  ]);
  for (const node of nodes) {
    const namespace = namespaceOf(node);
    if (namespace !== null) found.get("")?.push(namespace);
    const made = node.type === "VariableDeclarator" ? namespaceOf(node.init) : null;
    const name = made === null ? null : nameOf(node.id);
    if (made !== null && name) found.set(name, [...(found.get(name) ?? []), made]);
  }
  return found;
}

const handedOn = /^(?:t|say|words|common|errors?)$/;

/** The namespaces in which a file asks for messages by a name that it only gets. */
function askedByVariable(nodes: readonly Node[], translators: ReadonlyMap<string, string[]>): string[] {
  return nodes.flatMap((node) => {
    if (node.type !== "CallExpression") return [];
    const callee =
      isNode(node.callee) && node.callee.type === "MemberExpression" ? node.callee.object : node.callee;
    const name = nameOf(callee) ?? "";
    const argument = first(node.arguments);
    if (!isNode(argument) || textsIn(argument).length > 0) return [];
    return translators.get(name || "none") ?? (handedOn.test(name) ? translators.get("") : null) ?? [];
  });
}

const textsOf = (nodes: readonly Node[]) => nodes.flatMap((node) => patternOf(node) ?? []);

const toMatch = (patterns: readonly string[]) =>
  [...new Set(patterns)]
    .filter((text) => text !== unknown && text.length < 100)
    .map((text) => new RegExp(`^(?:${text})$`));

const everyText = toMatch([...trees.values()].flatMap(textsOf));

/** What the source calls anything: values of unions, keys of objects. Only such a word can stand for an unknown one. */
const everyWord = new Set(
  [...trees.values()].flat().flatMap((node) => {
    if (node.type === "Literal") return String(node.value).split(".");
    if (node.type === "TemplateElement")
      return String((node.value as { readonly raw: string }).raw).split(".");
    return node.type === "Property" || node.type === "TSPropertySignature" ? (nameOf(node.key) ?? []) : [];
  }),
);

const users = [...trees.values()].flatMap((nodes) => {
  const translators = translatorsOf(nodes);
  const own = toMatch(textsOf(nodes));
  const asked = [
    ...(translators.get("") ?? []).map((namespace) => ({ namespace, texts: own })),
    ...askedByVariable(nodes, translators).map((namespace) => ({ namespace, texts: everyText })),
  ];
  return asked.map(({ namespace, texts }) => ({
    within: new RegExp(`^${namespace === "" ? "" : `${namespace}\\.`}(?<rest>.+)$`),
    texts,
  }));
});

const isUsed = (key: string) =>
  users.some(({ within, texts }) => {
    const rest = within.exec(key)?.groups?.rest;
    return (
      rest !== undefined &&
      texts.some((text) =>
        text
          .exec(rest)
          ?.slice(1)
          .every((words) => words.split(".").every((word) => everyWord.has(word))),
      )
    );
  });

type Tree = { readonly [key: string]: string | Tree };

const keysOf = (tree: Tree, path: readonly string[] = []): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[...path, key].join(".")] : keysOf(value, [...path, key]),
  );

/** Addresses, paths, and what stands in requests as it is: it has no language. */
const isCode = /^(?:https?:\/|\/)|^(?:session|token)$/;

/** Tools of those who change and release Latchkey speak English. */
const isTerminal = (path: string) =>
  /^server\//.test(path) && !/^server\/(?:release|new-migration)/.test(path);

/** What an argument says by itself: not what a function makes of it, such as a translator. */
function writtenIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(writtenIn);
  if (!isNode(node)) return [];
  if (node.type === "Literal") return typeof node.value === "string" ? [node.value] : [];
  if (node.type === "TemplateElement") return [String((node.value as { readonly raw: string }).raw)];
  if (node.type === "ConditionalExpression") return writtenIn([node.consequent, node.alternate]);
  // Of `[a, b].join()` the list.
  if (node.type === "CallExpression")
    return isNode(node.callee) && node.callee.type === "MemberExpression"
      ? writtenIn(node.callee.object)
      : [];
  return Object.entries(node).flatMap(([key, each]) => (key === "parent" ? [] : writtenIn(each)));
}

/** The messages of a tree, by their whole keys. */
function flat(tree: Tree): Record<string, string> {
  const at = (key: string) =>
    key.split(".").reduce<Tree | string>((each, part) => (each as Tree)[part] ?? "", tree);
  return Object.fromEntries(keysOf(tree).map((key) => [key, String(at(key))]));
}

const namesIn = (message: string): string[] => {
  const named = (elements: readonly MessageFormatElement[]): string[] =>
    elements.flatMap((element) => {
      if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
      const branches = "options" in element ? Object.values(element.options) : [];
      return [element.value, ...branches.flatMap(({ value }) => named(value))];
    });
  return named(parse(message));
};

describe("the source", () => {
  it("names every message that there is", () => {
    // Those two are read whole, where no translator can be had.
    const { away: _away, broken: _broken, ...rest } = catalogues.en;
    expect(keysOf(rest).filter((key) => !isUsed(key))).toEqual([]);
    const nobody = [
      "auth.login.unheard",
      "security.dialog.activate.undone",
      "errors.code.tired",
      "mail.sad.text",
    ];
    expect(nobody.filter(isUsed)).toEqual([]);
  });

  it("says nothing to people but messages", () => {
    const shown =
      /^(?:aria-(?:label|description|roledescription)|title|placeholder|alt|label|description|hint|lede|note)$/;
    const written = [...trees].flatMap(([path, nodes]) =>
      nodes
        .flatMap((node): unknown[] => {
          if (node.type === "JSXText") return [node.value];
          if (node.type === "JSXElement" || node.type === "JSXFragment") {
            return (node.children as unknown[]).flatMap(textsIn);
          }
          if (node.type !== "JSXAttribute" || !isNode(node.name)) return [];
          return shown.test(String(node.name.name)) ? textsIn(node.value) : [];
        })
        .map((text) => String(text).replaceAll(unknown, "").replaceAll("\\", ""))
        .filter((text) => /\p{L}{2}/u.test(text) && !isCode.test(text))
        .map((text) => `${path}: ${text}`),
    );
    expect(written).toEqual([]);
  });

  it("says nothing in a terminal but messages", () => {
    const outlets = new Set(["print", "printPlain", "printProgress", "progress", "result"]);
    const written = [...trees].flatMap(([path, nodes]) =>
      nodes
        .filter(({ type, callee }) => {
          const name = nameOf(callee) ?? "";
          // Of the errors, Error itself tells of a fault of Latchkey's own.
          const isOutlet = type === "NewExpression" ? /.(?:Error|Refusal)$/.test(name) : outlets.has(name);
          return isOutlet && isTerminal(path);
        })
        .flatMap((node) =>
          writtenIn((node.arguments as unknown[]).at(nameOf(node.callee) === "result" ? 1 : 0)),
        )
        .filter((text) => /\p{L}{2}/u.test(text))
        .map((text) => `${path}: ${text}`),
    );
    expect(written).toEqual([]);
    const { program } = parseSync(
      "a.ts",
      'print(known === "a" ? say("b") : ["said", "and " + c].join("d"));',
    );
    const call = [...nodesOf(program)].find(({ type }) => type === "CallExpression");
    expect(writtenIn(call?.arguments)).toEqual(["said", "and "]);
  });

  it("gives every failure the values that its words name", () => {
    const sentences = new Map(Object.entries(flat(catalogues.en.failure)));
    const lacking = [...trees].flatMap(([path, nodes]) =>
      nodes
        .filter(({ type, callee }) => type === "CallExpression" && nameOf(callee) === "failure")
        .flatMap((node) => {
          const [key, values] = node.arguments as readonly [unknown, Node?];
          const given = ((values?.properties ?? []) as readonly Node[]).map((each) => nameOf(each.key) ?? "");
          const patterns = toMatch(textsIn(key));
          const meant = [...sentences].filter(([each]) => patterns.some((pattern) => pattern.test(each)));
          if (meant.length === 0) return [`${path}: a failure without a sentence`];
          return meant
            .filter(([, sentence]) => namesIn(sentence).some((name) => !given.includes(name)))
            .map(([each]) => `${path}: ${each}`);
        }),
    );
    expect(lacking).toEqual([]);
    expect(namesIn("{a} of {b, plural, one {{c}} other {#}}")).toEqual(["a", "b", "c"]);
  });
});
