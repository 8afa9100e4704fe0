import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { checkout } from "../checkout";

const folders = ["app", "bench", "components", "e2e", "lib", "server"];

/** Every file that could hold tests, as paths from the checkout with forward slashes. */
export function testFiles(): string[] {
  const beside = readdirSync(checkout).filter((name) => /\.tsx?$/.test(name));
  const inside = folders.flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name.split(sep).join("/")}`,
    ),
  );
  return [...beside, ...inside].sort();
}
