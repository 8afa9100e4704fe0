import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "@/server/checkout";

const number = /\d+\.\d+(?:\.\d+)?/;

/** The version that a program prints when asked with that flag, or an empty text. */
export function programVersion(program: string, flag: string): string {
  const { stdout, stderr } = spawnSync(program, [flag], { encoding: "utf8", timeout: 10_000 });
  return number.exec(`${stdout ?? ""}\n${stderr ?? ""}`)?.[0] ?? "";
}

/** The installed version of an npm package, or an empty text. */
export function packageVersion(name: string): string {
  const text = readFileSync(join(checkout, "node_modules", name, "package.json"), "utf8");
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? "";
}
