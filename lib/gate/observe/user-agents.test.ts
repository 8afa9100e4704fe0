import { expect, test } from "vitest";
import { userAgentMaxLength } from "@/lib/domain/user-agent";
import { createUserAgentReader } from "./user-agents";

const read = createUserAgentReader();
/** As node:http gives a header. */
const sent = (text: string) => Buffer.from(text).toString("latin1");

test.each([
  ["nothing", null, "", ""],
  ["ASCII", "curl/8.5.0", "curl", "curl/8.5.0"],
  ["UTF-8", sent("café/1 (naïve)"), "café", "café/1 (naïve)"],
  ["Latin-1, which is no UTF-8", "caf\xe9/1", "café", "café/1"],
  ["no product", sent("（なし）"), "", "（なし）"],
  [
    "what turns text around or hides",
    sent("shop\u202egpj.\u2066/\u200b1\u2028x\u0085"),
    "shop",
    "shop gpj. / 1 x",
  ],
])("a user agent of %s is read as it was meant, and shown safely", (_name, raw, product, userAgent) => {
  expect(read(raw ?? "")).toMatchObject({ product, userAgent });
});

test("a long one is cut between characters, however many bytes they take", () => {
  for (const character of ["é", "語", "\u{1f680}"]) {
    for (const before of ["", "a", "ab", "abc"]) {
      const { userAgent } = read(sent(before + character.repeat(5000)));
      expect(userAgent.length).toBeGreaterThanOrEqual(userAgentMaxLength - 2);
      expect(userAgent.length).toBeLessThanOrEqual(userAgentMaxLength);
      expect(before + character.repeat(5000)).toContain(userAgent);
    }
  }
});
