import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freeText, nameSchema, optionalNameSchema, searchSchema, typedNameSchema } from "./parse";

/**
 * What use cases take as a raw string: ids, secrets, codes, and what has a grammar of its own. Whoever adds one
 * says by this that no person sees it as text.
 */
const grammars: ReadonlySet<string> = new Set([
  ...["accountId", "callerId", "hash", "identityId", "idSchema", "instanceId", "invitationId", "passkeyId"],
  ...[
    "ruleId",
    "sessionId",
    "targetId",
    "tokenId",
    "userId",
    "code",
    "codeSchema",
    "secret",
    "newPasswordSchema",
    "password",
    "stored",
  ],
  ...["token", "tokenSchema", "cursor", "days", "firstByteSchema", "format", "roleSchema", "headers"],
  ...["address", "email", "emailSchema", "upstreamUrlSchema"],
  // Words of URLs and HTTP, of which only ASCII is allowed, and ids.
  ...["template", "methodSchema", "query", "header", "body", "tokenHeaderSchema", "strayParameterSchema"],
  ...["hostNameSchema", "labelSchema", "credentialSchema", "presetSchema", "answerStyleSchema", "serviceId"],
  // Of endpoint rules: only ASCII is understood, and one that is taken away is compared.
  ...["rules.ts method", "rules.ts path", "rules.ts rule"],
  // Compared with the fingerprint of a plan, never kept.
  "import.ts plan",
  // Compared with what the trail holds, never kept.
  "list.ts actor",
  // Of headers: RFC 9110 allows ASCII only.
  ...["headerNameSchema", "headerValueSchema"],
  // The pasted list of addresses; its notes are cleaned one by one.
  "linesSchema",
  // Read back from what is kept, not given.
  ...[
    "actorLabel",
    "targetLabel",
    "userAgent",
    "chain.ts text",
    "list.ts details",
    "list.ts ?",
    "storedHeaders",
    "upstream.ts ?",
  ],
]);

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "parse.ts",
);

/** Names that a raw `z.string()` is given to. */
function rawStrings(source: string): string[] {
  return [...source.matchAll(/(?:(\w+)\s*[:=]\s*)?[^\n:=]*?\bz\s*\.string\(\)/g)].map(
    ([, name]) => name ?? "?",
  );
}

describe("a text that a person gives", () => {
  test.each(files.map((file) => [file]))("is never taken raw in %s", (file) => {
    const raw = rawStrings(readFileSync(join(import.meta.dirname, file), "utf8"));
    const base = file.split("/").at(-1);
    expect(raw.filter((name) => !grammars.has(name) && !grammars.has(`${base} ${name}`))).toEqual([]);
  });

  test("is looked for in sources that have some", () => {
    expect(files.length).toBeGreaterThan(40);
    expect(rawStrings("z.object({ label: z\n .string().min(1) })")).toEqual(["label"]);
    expect(rawStrings("const note = z.string();")).toEqual(["note"]);
  });

  const schemas = { nameSchema, optionalNameSchema, searchSchema, typedNameSchema, note: freeText(200) };

  test.each(Object.entries(schemas))("is kept by %s as it is seen", (_, schema) => {
    expect(schema.parse("  al\u200bpha\u3164\u2800be\u{e0041}ta ")).toBe("alpha beta");
  });

  test.each(["\u200b", "\u3164", "\u2800", "\u{e0041}\u{e0042}", " \u00a0", "\u0301"])(
    "is required of a name, and %j is none",
    (text) => {
      expect(nameSchema.safeParse(text).error?.issues[0]?.message).toBe("required");
      expect(optionalNameSchema.parse(text)).toBeNull();
      expect(searchSchema.parse(text)).toBe("");
    },
  );

  test("is measured as it is seen", () => {
    expect(nameSchema.parse(`${"a".repeat(80)}\u200b`)).toHaveLength(80);
    expect(nameSchema.safeParse("a".repeat(81)).error?.issues[0]?.message).toBe("too_long");
    expect(nameSchema.safeParse("\u200b".repeat(100_000)).success).toBe(false);
  });
});
