import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { base } from "@/test/support/browser-request";

/** The scripts that an address names, by their size in kB, compressed by gzip. Old browsers' own do not count. */
async function scriptsOf(path: string): Promise<ReadonlyMap<string, number>> {
  const html = await (await fetch(new URL(path, base), { headers: { accept: "text/html" } })).text();
  const tags = [...html.matchAll(/<script\b[^>]*\bsrc="([^"?]+)[^>]*>/g)].filter(
    ([tag]) => !/\bnomodule\b/i.test(tag),
  );
  const files = [...new Set(tags.map(([, src = ""]) => src))];
  const sizes = files.map(async (file) => {
    const script = Buffer.from(await (await fetch(new URL(file, base))).arrayBuffer());
    return [file, gzipSync(script).length / 1000] as const;
  });
  return new Map(await Promise.all(sizes));
}

// decisions/0048: React and Next.js alone are more than 130 kB.
test("who signs in loads little beyond React and Next.js", async () => {
  const manifest: { readonly rootMainFiles: readonly string[] } = JSON.parse(
    readFileSync(".next/build-manifest.json", "utf8"),
  );
  const loaded = await scriptsOf("/login");
  const framework = new Set(manifest.rootMainFiles.map((file) => `/_next/${file}`));
  const own = [...loaded].filter(([file]) => !framework.has(file)).reduce((sum, [, kb]) => sum + kb, 0);
  expect(loaded.size).toBeGreaterThan(framework.size);
  expect(own).toBeLessThan(22);
});
