import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyPresentedToken, isPlaceholder, placeholderToolOf } from "./presented-token";
import { formatClientToken, newInstanceToken } from "./token-format";
import { agentProduct } from "./user-agent";

const samples: Readonly<Record<string, readonly string[]>> = {
  "an unset variable": [
    ...[
      "undefined",
      "null",
      "NULL",
      "None",
      "NaN",
      "nil",
      "<nil>",
      "<null>",
      "(null)",
      "%!s(<nil>)",
      "DBNull",
    ],
    ...["[object Object]", "[object Undefined]", "function () { return 1 }", "() => token", "false", "{}"],
  ],
  "an unfilled template": [
    ...[
      "{{token}}",
      "{{ $json.token }}",
      "={{ $env.TOKEN }}",
      "{{client-token}}",
      "lkc_{{rest}}",
      "{{token",
      "token}}",
    ],
    ...[
      "\u0024{TOKEN}",
      "\u0024{{ secrets.TOKEN }}",
      "$(cat token)",
      "#{token}",
      "<%= token %>",
      "{% token %}",
      "[[token]]",
    ],
    ...[
      "$TOKEN",
      "$env:TOKEN",
      "%TOKEN%",
      "%%TOKEN%%",
      "!TOKEN!",
      "{token}",
      "{0}",
      ":token",
      "@token",
      "__TOKEN__",
    ],
    ...[
      "process.env.TOKEN",
      'os.environ["TOKEN"]',
      "ENV['TOKEN']",
      'ENV.fetch("T")',
      "System.getenv(TOKEN)",
      "%s",
    ],
    ...[
      "op://vault/item/token",
      "@/run/secrets/token",
      "%(token)s",
      "LATCHKEY_TOKEN",
      "BAKERY_API_KEY",
      "%7B%7Btoken%7D%7D",
    ],
  ],
  "a pasted sample": [
    ...[
      "<token>",
      "<your token here>",
      "&lt;token&gt;",
      "[token]",
      "(your token)",
      "YOUR_ACCOUNT_TOKEN",
      "your-token",
    ],
    ...[
      "YourAccountSecurityTokenGoesHere",
      "your-bakery-token",
      "my_token",
      "Client-Token",
      "token",
      "changeme",
    ],
    ...[
      "REPLACE_ME",
      "replace with your token",
      "lkc_YOUR_TOKEN",
      "lkc_xxxxxxxx",
      "xxx",
      "...",
      "********",
      "TODO",
    ],
    ...[
      "lkc_...",
      "example",
      "ACCOUNT_SECURITY_TOKEN",
      "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2",
      "lkc_\xe2\x80\xa6",
    ],
  ],
};
const all = Object.entries(samples).flatMap(([kind, values]) =>
  values.map((value) => [value, kind] as const),
);

const dressed = fc.constantFrom<(value: string) => string>(
  (value) => `"${value}"`,
  (value) => `'${value}'`,
  (value) => `\`${value}\``,
  (value) => `\\"${value}\\"`,
  (value) => `\xe2\x80\x9c${value}\xe2\x80\x9d`,
  (value) => `Bearer ${value}`,
  (value) => `bearer "${value}"`,
  (value) => `Token ${value}`,
  (value) => `Client-Token: ${value}`,
  (value) => `client_token=${value}`,
  (value) => `"Client-Token: Bearer ${value}"`,
  (value) => `-H 'Client-Token: ${value}'`,
  (value) => ` ${value};`,
);

describe("a value that stands where a token should be", () => {
  test.each(all)("%s is named as %s", (value) => {
    expect(classifyPresentedToken([value])).toEqual({ kind: "placeholder" });
  });

  test("is named as such whatever quotes, scheme and name are around it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), dressed, dressed, ([value], inner, outer) => {
        expect(classifyPresentedToken([outer(inner(value))]), outer(inner(value))).toEqual({
          kind: "placeholder",
        });
      }),
    );
  });

  test.each(['""', "''", "Bearer", "Bearer ", "Client-Token:", '"Client-Token: "', "lkc_"])(
    "is missing in %s: the variable was empty",
    (value) => expect(isPlaceholder(value)).toBe(true),
  );

  test("is never a token, whole or in part, whatever is around it", () => {
    const token = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(formatClientToken);
    const instance = fc
      .uint8Array({ minLength: 64, maxLength: 64 })
      .map((bytes) =>
        newInstanceToken((n) => Uint8Array.from({ length: n }, (_, at) => bytes[at % 64] ?? 0)),
      );
    fc.assert(
      fc.property(token, fc.integer({ min: 20, max: 53 }), dressed, (value, length, dress) => {
        expect(isPlaceholder(dress(value.slice(0, length)))).toBe(false);
      }),
    );
    fc.assert(fc.property(instance, (value) => !isPlaceholder(value)));
  });

  test.each(["lkc_123", "x", "hunter2", "a".repeat(256), "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "sk_live_4242"])(
    "is not %s",
    (value) => expect(isPlaceholder(value)).toBe(false),
  );

  test("is looked for in any bytes without an exception", () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(fc.property(bytes, (text) => typeof isPlaceholder(text) === "boolean"));
  });
});

test.each([
  ["n8n", "n8n"],
  ["PostmanRuntime/7.43.0", "postman"],
  ["curl/8.5.0", "shell"],
  ["axios/1.7.2", "javascript"],
  ["node", "javascript"],
  ["python-requests/2.32", "python"],
  ["GuzzleHttp/7", "php"],
  ["Go-http-client/2.0", "go"],
  ["Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36", "browser"],
  ["bakery-sync/1.0", "other"],
  ["constructor", "other"],
  ["", "other"],
])("%s is told how to mend it in %s", (userAgent, tool) => {
  expect(placeholderToolOf(agentProduct(userAgent))).toBe(tool);
});
