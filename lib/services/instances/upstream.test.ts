import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusedWith } from "@/test/support/accounts";
import { parse } from "../parse";
import { headersSchema } from "./upstream";

const check = async (headers: unknown) => parse(headersSchema, headers);
const one = (name: string, value: string | null = "v") => check([{ name, value }]);

describe("header names", () => {
  test.each(["Client-Token", "apikey", "X-Api-Key", "Authorization", "Cookie", "a!#$%&'*+-.^_`|~9"])(
    "%s",
    async (name) => {
      expect(await one(` ${name} `)).toEqual([{ name, value: "v" }]);
    },
  );

  test.each(["a b", "a:b", "a\r\nb", "é", "(a)", "a\0", '"a"', "x".repeat(101)])("not %j", async (name) => {
    expect(await refusedWith(one(name))).toBe("invalid 0.name:header_name");
  });

  test.each([
    "Host",
    "connection",
    "Transfer-Encoding",
    "content-length",
    "TE",
    "Upgrade",
    "Sec-WebSocket-Key",
    "Forwarded",
    "X-Forwarded-For",
    "x-latchkey-peer",
    "X-Request-Id",
    "Proxy-Authorization",
    "X_Forwarded_For",
    "X.Forwarded~Proto",
    "X_Request-Id",
    "Content_Length",
    "x_latchkey_peer",
  ])("%s is ours", async (name) => {
    expect(await refusedWith(one(name))).toBe("invalid 0.name:header_reserved");
  });
});

describe("header values", () => {
  test.each(["a\r\nb", "a\nb", "a\0b", "é", "a\x7f"])("not %j", async (value) => {
    expect(await refusedWith(one("apikey", value))).toBe("invalid 0.value:header_value");
  });

  test("whatever passes is one line of ASCII without blanks around it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.nat(0x10ffff).map(String.fromCodePoint) }), async (value) => {
        const outcome = await one("apikey", value).catch(() => null);
        if (outcome) expect(outcome[0]?.value).toMatch(/^[!-~]([\t -~]*[!-~])?$/);
      }),
      { numRuns: 30 },
    );
  });

  test("null is passed on; empty is missing; the length has an end", async () => {
    expect(await one("apikey", null)).toEqual([{ name: "apikey", value: null }]);
    expect(await refusedWith(one("apikey", " "))).toBe("invalid 0.value:required");
    expect(await refusedWith(one("apikey", "x".repeat(4097)))).toBe("invalid 0.value:too_long");
  });
});

describe("the list", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `x-${index}`, value: "v" }));

  test("has twenty at most, each name once", async () => {
    expect(await check(many(20))).toHaveLength(20);
    expect(await refusedWith(check(many(21)))).toBe("invalid :headers_too_many");
    for (const [first, second] of [
      ["apikey", "ApiKey"],
      ["X-Tenant", "x_tenant"],
    ] as const) {
      const twice = [
        { name: first, value: "1" },
        { name: second, value: "2" },
      ];
      expect(await refusedWith(check(twice))).toBe("invalid 1.name:header_duplicate");
    }
  });

  test("nonsense is refused, not thrown", async () => {
    expect(await refusedWith(check("x"))).toBe("invalid :required");
    expect(await refusedWith(check([{ name: 1 }]))).toBe("invalid 0.name:required 0.value:required");
  });
});
