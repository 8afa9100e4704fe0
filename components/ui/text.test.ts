import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { wholePieces } from "./text";

describe("an address", () => {
  test.each([
    ["mary.smith@mail.example.com", ["mary", ".smith", "@mail", ".example", ".com"]],
    ["203.0.113.9", ["203", ".0", ".113", ".9"]],
    ["2001:db8::8a2e:370:7334", ["2001:", "db8::", "8a2e:", "370:", "7334"]],
    [
      "https://api.example.com/v1/orders?x=1",
      ["https://", "api", ".example", ".com/", "v1/", "orders?", "x=", "1"],
    ],
    ["/api/{=auth|chats}/{}", ["/", "api/", "{=", "auth|", "chats}/", "{}"]],
  ])("%s may be broken at its @, dots, colons, slashes and bars only", (address, pieces) => {
    expect(wholePieces(address)).toEqual(pieces);
  });

  test.each(["orders", "Night-orders", "end.", "(really)", "…", "@", ""])(
    "%j is no address: one piece",
    (word) => {
      expect(wholePieces(word)).toEqual([word]);
    },
  );

  it("keeps every character", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.ipV6(),
          fc.domain().map((name) => `https://${name}/a-b/c?d=e`),
          fc.string(),
        ),
        (word) => {
          expect(wholePieces(word).join("")).toBe(word);
        },
      ),
    );
  });
});
