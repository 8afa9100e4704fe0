import { describe, expect, test, vi } from "vitest";
import { isSecurePage, pageOrigin } from "./page-origin";

const setting = vi.hoisted(() => ({ url: undefined as string | undefined, trustedProxies: [] }));
vi.mock("@/lib/config", () => ({ config: () => setting }));

describe("pageOrigin", () => {
  test.each([
    [{ host: "127.0.0.1:3000" }, "http://127.0.0.1:3000"],
    [{ host: "Latchkey.LAN", "x-forwarded-proto": "https" }, "https://latchkey.lan"],
    [
      {
        host: "internal",
        "x-forwarded-host": "evil.example, a.example:8443",
        "x-forwarded-proto": "http,HTTPS",
      },
      "https://a.example:8443",
    ],
    [{ host: "[::1]:3000", "x-forwarded-proto": "http" }, "http://[::1]:3000"],
    [{ host: "evil.example/path" }, "http://localhost"],
    [{ host: "user@evil.example" }, "http://localhost"],
    [{}, "http://localhost"],
  ])("%j", (headers, origin) => {
    setting.url = undefined;
    expect(pageOrigin(new Headers(headers as Record<string, string>))).toBe(origin);
  });

  test("LATCHKEY_URL decides alone when it is set", () => {
    setting.url = "https://latchkey.example.com";
    const headers = new Headers({ host: "127.0.0.1", "x-forwarded-proto": "http" });
    expect(pageOrigin(headers)).toBe("https://latchkey.example.com");
    expect(isSecurePage(headers)).toBe(true);
  });
});
