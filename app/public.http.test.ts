import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { base } from "@/test/support/browser-request";

const files = readdirSync("public", { recursive: true, encoding: "utf8" });
const ask = (path: string) => fetch(new URL(path, base), { redirect: "manual" });

const types: Readonly<Record<string, RegExp>> = {
  ico: /^image\/(?:x-icon|vnd\.microsoft\.icon)/,
  png: /^image\/png/,
  svg: /^image\/svg\+xml/,
  txt: /^text\/plain/,
  webmanifest: /^application\/manifest\+json/,
};

/** Width and height of a PNG (ISO/IEC 15948, §11.2.2). */
function sizeOf(png: Buffer): string {
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

interface Manifest {
  readonly start_url: string;
  readonly icons: readonly { readonly src: string; readonly sizes: string; readonly purpose?: string }[];
}

const manifest = JSON.parse(readFileSync("public/manifest.webmanifest", "utf8")) as Manifest;

describe("the files that anyone may have", () => {
  test.each(files)("%s is served as it is, as what it is, and runs nothing", async (file) => {
    const response = await ask(`/${file}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(types[file.split(".").at(-1) ?? ""] ?? /never/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(`public/${file}`));
  });

  test.each(["/public/robots.txt", "/public/", "/package.json", "/.env", "/icon.svg/x"])(
    "%s is none of them",
    async (path) => expect((await ask(path)).status).toBe(404),
  );

  test("keep every robot away", async () => {
    expect(await (await ask("/robots.txt")).text()).toBe("User-agent: *\nDisallow: /\n");
  });
});

describe("/.well-known/security.txt", () => {
  test.each(["GET", "HEAD"])("names whom to tell of weaknesses, through the gate: %s", async (method) => {
    const response = await fetch(new URL("/.well-known/security.txt", base), { method });
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/plain; charset=utf-8",
    ]);
    const text = await response.text();
    if (method === "GET") expect(text).toMatch(/^Contact: mailto:security@example.com\nExpires: \S+Z\n$/);
  });
});

describe("what a page names", () => {
  test("is there, and its policy lets a browser fetch the manifest", async () => {
    const page = await ask("/login");
    const links = [...(await page.text()).matchAll(/<link\b[^>]*>/g)].map(([link]) => link);
    const named = links
      .filter((link) => /rel="(?:icon|apple-touch-icon|manifest)"/.test(link))
      .map((link) => /href="([^"]+)"/.exec(link)?.[1] ?? "");
    expect(named.sort()).toEqual([
      "/apple-touch-icon.png",
      "/favicon.ico",
      "/icon.svg",
      "/manifest.webmanifest",
    ]);
    for (const path of named) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    expect(page.headers.get("content-security-policy")).toContain("manifest-src 'self'");
  });

  test("has the size that the manifest says, one to be cut to any shape among them", () => {
    for (const { src, sizes } of manifest.icons.filter(({ src }) => src.endsWith(".png"))) {
      expect([src, sizeOf(readFileSync(`public${src}`))]).toEqual([src, sizes]);
    }
    expect(sizeOf(readFileSync("public/apple-touch-icon.png"))).toBe("180x180");
    expect(manifest.icons.map(({ purpose = "any" }) => purpose)).toContain("maskable");
    expect(manifest.icons.every(({ src }) => files.includes(src.slice(1)))).toBe(true);
  });
});
