import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRequestPath } from "./instance-url";
import {
  type BothSides,
  isUpstreamOrigin,
  toCallerCookiePath,
  toCallerText,
  toCallerUrl,
  toUpstreamReferer,
  toUpstreamText,
} from "./reverse-url";

const base = "/instances/abc/token/Secret";

function sidesOf(rest = "/a/b?q=1", more: Partial<BothSides> = {}): BothSides {
  const path = parseRequestPath(base + rest);
  if (!path) throw new Error("no path");
  return {
    origin: "https://up.example",
    basePath: "",
    path,
    host: "gate.example:3000",
    ownHost: null,
    protocol: "https",
    ...more,
  };
}

const sides = sidesOf();
const v1 = sidesOf("/a/b", { basePath: "/v1" });

describe("a URL of the upstream comes back below the instance", () => {
  test.each([
    ["https://up.example/items/", `${base}/items/`],
    ["https://up.example", `${base}/`],
    ["https://up.example?x=1#y", `${base}/?x=1#y`],
    ["HTTPS://UP.EXAMPLE:443/items", `${base}/items`],
    ["http://up.example/items", `${base}/items`],
    ["http://up.example:80/items", `${base}/items`],
    ["wss://up.example/live", `${base}/live`],
    ["//up.example/items", `${base}/items`],
    ["https://up.example./items", `${base}/items`],
    ["https://user:word@up.example/items", `${base}/items`],
    ["https://u%70.example/items", `${base}/items`],
    [" /items ", `${base}/items`],
    ["/items/?a=/b&c=%2F#d/e", `${base}/items/?a=/b&c=%2F#d/e`],
    ["/caf\xc3\xa9 x", `${base}/caf%C3%A9%20x`],
    ["../../../../login", `${base}/login`],
    ["%2e%2E/%2e./login", `${base}/login`],
    ["/x/../../login", `${base}/login`],
    ["/.//x", `${base}//x`],
    // The upstream built it from X-Forwarded-Host, or was translated its public address.
    ["https://gate.example:3000/items", `${base}/items`],
    [`https://gate.example:3000${base}/items`, `${base}/items`],
    [`${base}/items`, `${base}/items`],
    [`https://gate.example:3000${base}/../../../../login`, `${base}/login`],
  ])("%s", (given, translated) => {
    expect(toCallerUrl(given, sides)).toBe(translated);
  });

  test("wherever its base path is", () => {
    expect(toCallerUrl("https://up.example/v1/items", v1)).toBe(`${base}/items`);
    expect(toCallerUrl("/v1", v1)).toBe(base);
    expect(toCallerUrl("/v1/?x", v1)).toBe(`${base}/?x`);
    expect(toCallerUrl("../items", v1)).toBe("../items");
  });

  test("whatever form an address or an international name is written in", () => {
    const of = (origin: string) => sidesOf("/", { origin });
    expect(toCallerUrl("http://0x7f.1:81/x", of("http://127.0.0.1:81"))).toBe(`${base}/x`);
    expect(toCallerUrl("http://[::ffff:7f00:1]:81/x", of("http://127.0.0.1:81"))).toBe(`${base}/x`);
    expect(toCallerUrl("http://[0:0::1]/x", of("http://[::1]"))).toBe(`${base}/x`);
    const utf8 = Buffer.from("https://BÜCHER.example/x").toString("latin1");
    expect(toCallerUrl(utf8, of("https://xn--bcher-kva.example"))).toBe(`${base}/x`);
  });
});

describe("what leads nowhere else stays as it is", () => {
  test.each([
    "items/",
    "./items",
    "../b?x",
    "?page=2",
    "#part",
    "https://elsewhere.example/items?next=https://up.example/",
    "//cdn.example/x",
    "http://up.example@elsewhere.example/",
    "https://up.example.elsewhere.example/",
    "mailto:who@up.example",
    "urn:uuid:1",
  ])("%s", (given) => {
    expect(toCallerUrl(given, sides)).toBe(given);
  });

  test("but not from the instance's root, where the upstream's slash is missing", () => {
    expect(toCallerUrl("items", sidesOf(""))).toBe(`${base}/items`);
    expect(toCallerUrl("items", sidesOf("/"))).toBe("items");
  });
});

describe("what cannot be translated to the caller is dropped", () => {
  test.each([
    ["another port of the upstream", "https://up.example:9443/"],
    ["another port of the gate", "https://gate.example:9/"],
    ["another protocol of the upstream", "ftp://up.example/"],
    ["a path that the gate would refuse", "/a/..%2f..%2flogin"],
    ["the same, relative", "..%2f..%2f..%2flogin"],
    ["an escape that is none", "/100%"],
    ["a backslash", "/\\elsewhere.example"],
    ["a backslash in the host", "https://elsewhere.example\\@up.example/"],
    ["a scheme without a host", "https:/login"],
    ["a scheme without anything", "https:login"],
    ["an empty host", "///up.example/"],
    ["two @", "https://a@up.example@elsewhere.example/"],
    ["a tab", "/\t/up.example"],
    ["no host at all", "https://[x]/"],
  ])("%s", (_name, given) => {
    expect(toCallerUrl(given, sides)).toBeNull();
  });

  test.each(["/other", "/v10", "/", "../../../login", "https://up.example/other"])(
    "%s outside of the base path",
    (given) => {
      expect(toCallerUrl(given, v1)).toBeNull();
    },
  );
});

describe("absolute URLs within other text", () => {
  test("come back absolute, under the caller's host", () => {
    const translated = toCallerText('Bearer realm="http://up.example/token",x="https://a.example/y"', sides);
    expect(translated).toBe(`Bearer realm="https://gate.example:3000${base}/token",x="https://a.example/y"`);
    expect(toCallerText("https://up.example/a,https://up.example/b", sidesOf("/", { host: null }))).toBe(
      `${base}/a,${base}/b`,
    );
    // So does what no host has.
    expect(toCallerText("http://up.example, http://b.example", sides)).toBe(
      `https://gate.example:3000${base}/, http://b.example`,
    );
    expect(toCallerText("http://a,b@up.example/x", sides)).not.toContain("up.example");
    // Parsers drop control characters at the end of a URL.
    expect(toCallerText("http://up.example\0", sides)).toBeNull();
    expect(toCallerText("wss://up.example/a", sides)).toBe(`wss://gate.example:3000${base}/a`);
    expect(toCallerText("see http://x.example/ and {http://{y}}", sides)).toBe(
      "see http://x.example/ and {http://{y}}",
    );
  });

  test("are untranslatable when one of them cannot be translated", () => {
    expect(toCallerText("a https://up.example:1/x", sides)).toBeNull();
    expect(toCallerText("https://up.example/a'/../../../../../login", sides)).toBeNull();
  });
});

const host = fc.constantFrom(
  "up.example",
  "UP.example.",
  "u%70.example",
  "gate.example:3000",
  "gate.example",
  "own.example",
  "elsewhere.example",
  "up.example:9",
  "a@up.example",
  "up.example@elsewhere.example",
  "[::1]",
  "",
);
const piece = fc.constantFrom(
  "/",
  "//",
  "..",
  "%2e%2E",
  ".",
  "%2f",
  "\\",
  "?",
  "#",
  "@",
  ":",
  "\t",
  " ",
  "\xfc",
);
const hostile = fc
  .array(
    fc.oneof(
      piece,
      host,
      fc.constantFrom("http:", "HTTPS:", "ftp:", "//", "login", "v1", base, "instances", "a;x"),
      fc.string({ unit: "binary-ascii", maxLength: 3 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(""));

const anySides = fc
  .record({
    rest: fc.constantFrom("", "/", "/a", "/a/b/c?x=/y", "//a//"),
    basePath: fc.constantFrom("", "/v1", "/v1/x"),
    ownHost: fc.constantFrom(null, "own.example"),
  })
  .map(({ rest, ...more }) => sidesOf(rest, more));

function callerUrlOf({ path }: BothSides): string {
  return `https://gate.example:3000${base}${path.rest}${path.query}`;
}

/** Where a client would go that follows the reference. */
function isSafe(translated: string, from: BothSides): boolean {
  if (!URL.canParse(translated, callerUrlOf(from))) return true;
  const { hostname, host, pathname } = new URL(translated, callerUrlOf(from));
  const name = hostname.replaceAll("%70", "p").toLowerCase().replace(/\.$/, "");
  if (name === "up.example" || name === from.ownHost) return false;
  if (name !== "gate.example") return true;
  return host === "gate.example:3000" && (pathname === base || pathname.startsWith(`${base}/`));
}

describe("whatever an upstream writes", () => {
  test("no client that follows it reaches the upstream, or the gate outside of the instance", () => {
    fc.assert(
      fc.property(hostile, anySides, (given, from) => {
        const translated = toCallerUrl(given, from);
        if (translated !== null)
          expect([given, translated, isSafe(translated, from)]).toEqual([given, translated, true]);
      }),
      { numRuns: 3_000 },
    );
  });

  test("telling it twice changes nothing", () => {
    fc.assert(
      fc.property(hostile, anySides, (given, from) => {
        const translated = toCallerUrl(given, from);
        if (translated !== null) expect(toCallerUrl(translated, from)).toBe(translated);
      }),
      { numRuns: 3_000 },
    );
  });

  test("no absolute URL within a text is the upstream's", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostile, fc.constantFrom(" ", ",", '"', "https://up.example/x"))),
        (parts) => {
          const translated = toCallerText(parts.join(""), sides) ?? "";
          for (const [url] of translated.matchAll(/(?<=^|[\s"'<>,;])https?:\/\/[^\s"'<>,;]*/gi)) {
            expect(!URL.canParse(url) || new URL(url).hostname !== "up.example").toBe(true);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe("origins and cookie paths", () => {
  test("an origin is the upstream's by its host, on any port", () => {
    expect(isUpstreamOrigin("http://UP.example:8080", sides)).toBe(true);
    for (const other of ["*", "null", "https://a.example"])
      expect(isUpstreamOrigin(other, sides)).toBe(false);
  });

  test.each([
    ["/", base],
    ["/v1", base],
    ["/v1/", base],
    ["/v1/a", `${base}/a`],
    [`${base}/a`, `${base}/a`],
    [null, `${base}/a`],
    ["none", `${base}/a`],
    ["/v10", null],
    ["/other", null],
  ])("a cookie for %s of the upstream is one for %s", (given, translated) => {
    expect(toCallerCookiePath(given, v1)).toBe(translated);
  });
});

describe("a URL of the instance in a request", () => {
  test("goes on as the upstream's", () => {
    const upstream = "https://up.example/v1";
    expect(toUpstreamText(`http://any.example${base}/x?y`, v1)).toBe(`${upstream}/x?y`);
    expect(toUpstreamText(`(<https://gate.example${base}/x> ["e"])`, v1)).toBe(`(<${upstream}/x> ["e"])`);
    expect(toUpstreamText(`${base}/x, ${base}`, v1)).toBe("/v1/x, /v1");
    expect(toUpstreamText(`${base}?x`, sides)).toBe("/?x");
    expect(toUpstreamText(`${base}2/x`, sides)).toBe(`${base}2/x`);
  });

  test("is no Referer when it is another instance's, or another page of the gate", () => {
    expect(toUpstreamReferer(`https://gate.example:3000${base}/x`, v1)).toBe("https://up.example/v1/x");
    expect(toUpstreamReferer("https://gate.example:3000/security", v1)).toBeNull();
    expect(toUpstreamReferer("https://a.example/instances/x/token/y/", v1)).toBeNull();
    expect(toUpstreamReferer("https://a.example/page", v1)).toBe("https://a.example/page");
  });
});

describe("under a host of the instance's own", () => {
  const path = { instanceId: "", instanceToken: "", rest: "/a/b", query: "?q=1" };
  const own = sidesOf("/x", { path, host: "shop.example" });
  const below = { ...own, basePath: "/v1" };

  test.each([
    ["https://up.example/items?x=1#y", own, "/items?x=1#y"],
    ["/items", own, "/items"],
    ["../c", own, "../c"],
    ["https://other.example/x", own, "https://other.example/x"],
    ["https://up.example/v1/items", below, "/items"],
    ["https://up.example/v1", below, "/"],
    ["/v2/items", below, null],
    ["https://up.example/%2e%2e/x", below, null],
  ])("%s", (url, at, expected) => {
    expect(toCallerUrl(url, at)).toBe(expected);
  });

  test("absolute URLs name the caller's host", () => {
    expect(toCallerText("see https://up.example/v1/x now", below)).toBe("see https://shop.example/x now");
  });

  test("cookies are for the whole host, or for what the upstream says", () => {
    expect([
      toCallerCookiePath("/", own),
      toCallerCookiePath("/v1", below),
      toCallerCookiePath("/v1/x", below),
    ]).toEqual(["/", "/", "/x"]);
    expect(toCallerCookiePath("/v2", below)).toBeNull();
  });

  test("a page of the host is told in the upstream's terms, and one with another instance's token is not", () => {
    expect(toUpstreamReferer("https://shop.example/a?b", below)).toBe("https://up.example/v1/a?b");
    expect(toUpstreamReferer("https://other.example/a", own)).toBe("https://other.example/a");
    expect(toUpstreamReferer(`https://other.example${base}/a`, own)).toBeNull();
    expect(toUpstreamText("https://shop.example/a", own)).toBe("https://shop.example/a");
  });
});
