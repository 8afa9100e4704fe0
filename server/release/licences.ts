import type { LockedPackage } from "./packages";

/** Licences (SPDX) under which a package may be shipped as it is, with its text beside it. */
const accepted: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Python-2.0",
  "Unicode-3.0",
  "Unlicense",
]);

/** Packages under something else, each with why that may be. */
export const licenceExceptions: readonly {
  readonly packages: RegExp;
  readonly licence: string;
  readonly because: string;
}[] = [
  {
    packages: /^@img\/sharp-(?:libvips-[\w-]+|wasm32|win32-\w+)$/,
    licence: "LGPL-3.0-or-later",
    because:
      "the library behind sharp, an optional package of Next.js; image.mjs leaves it out of what is released",
  },
  {
    packages: /^caniuse-lite$/,
    licence: "CC-BY-4.0",
    because: "data about browsers that Next.js reads while it builds; named in the notices all the same",
  },
  {
    packages: /^elkjs$/,
    licence: "EPL-2.0",
    because:
      "part of Prisma's command line, which npm takes for a need of its client; nothing of it is released",
  },
  {
    packages: /^seq-queue$/,
    licence: "none",
    because: "says MIT in its file LICENSE only; part of Prisma's command line, nothing of it is released",
  },
];

/** The parts of an expression (SPDX 2.3, annex D) joined by one word; packages also write it small. */
const parts = (expression: string, word: string) =>
  expression.replace(/[()]/g, "").split(new RegExp(`\\s+${word}\\s+`, "i"));

function isAccepted(expression: string): boolean {
  return parts(expression, "or").some((choice) => parts(choice, "and").every((each) => accepted.has(each)));
}

/** What is wrong with the licences of packages, a line each. */
export function licenceProblems(packages: readonly LockedPackage[]): readonly string[] {
  return packages.flatMap(({ name, version, license = "none" }) => {
    if (isAccepted(license)) return [];
    const excepted = licenceExceptions.some(
      (each) => each.packages.test(name) && parts(license, "and").includes(each.licence),
    );
    return excepted ? [] : [`${name}@${version} is under ${license}`];
  });
}
