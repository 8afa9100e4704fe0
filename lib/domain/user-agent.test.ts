import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { agentProduct, cleanUserAgent, userAgentMaxLength } from "./user-agent";

const webKit = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";

describe("a user agent's product", () => {
  test.each([
    ["", ""],
    ["n8n", "n8n"],
    ["curl/8.5.0", "curl"],
    ["Wget/1.21.4", "Wget"],
    ["python-requests/2.31.0", "python-requests"],
    ["Python-urllib/3.11", "python-urllib"],
    ["python-httpx/0.27.0", "python-httpx"],
    ["Python/3.11 aiohttp/3.9.1", "aiohttp"],
    ["axios/1.7.2", "axios"],
    ["node", "Node.js"],
    ["undici", "Node.js"],
    ["node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "node-fetch"],
    ["GuzzleHttp/7", "Guzzle"],
    ["Laravel", "Laravel"],
    ["okhttp/4.12.0", "okhttp"],
    ["Go-http-client/2.0", "Go-http-client"],
    ["Java/17.0.9", "Java"],
    ["Java-http-client/21", "Java"],
    ["PostmanRuntime/7.39.0", "Postman"],
    ["Make/production", "Make"],
    [`${webKit} Chrome/126.0.0.0 Safari/537.36`, "Chrome"],
    [`${webKit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0`, "Edge"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox"],
    [
      "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
      "Safari",
    ],
    ["Mozilla/5.0 (compatible; OrderBot/1.2; +https://example.com)", "OrderBot"],
    ["Mozilla/5.0", "Browser"],
    ["acme-sync/3.2 (linux)", "acme-sync"],
    ["(nothing like a product)", ""],
    ["café/1", "café"],
    ["помощник/2.0 (касса)", "помощник"],
    ["注文同期 3", "注文同期"],
  ])("of %s is %s", (userAgent, product) => {
    expect(agentProduct(userAgent)).toBe(product);
  });

  it("and the text it comes from are bounded and free of control characters, whatever was sent", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1000, unit: fc.nat(0x10ffff).map(String.fromCodePoint) }), (raw) => {
        const clean = cleanUserAgent(raw);
        expect(clean.length).toBeLessThanOrEqual(userAgentMaxLength);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
        expect(Buffer.from(clean).toString()).toBe(clean);
        const product = agentProduct(clean);
        expect(product.length).toBeLessThanOrEqual(40);
        expect(product).toMatch(/^[\x20-\x7e\p{L}\p{N}\p{M}]*$/u);
        expect(product, "marks do not pile up").not.toMatch(/\p{M}{3}/u);
        expect(Buffer.from(product).toString()).toBe(product);
      }),
    );
  });
});
