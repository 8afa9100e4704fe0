import { existsSync } from "node:fs";
import { join } from "node:path";
import { config } from "@/lib/config";
import { checkout } from "@/server/checkout";
import { BenchError } from "../bench-error";

/**
 * The path of one of the product's own processes.
 *
 * @throws BenchError when it is not built
 */
export function productProgram(name: "gate" | "dashboard"): string {
  const path = join(checkout, "dist", `${name}.js`);
  if (existsSync(path)) return path;
  throw new BenchError(`dist/${name}.js is not built.`);
}

/** What both processes need to know. Access logs are off, as they are with every other peer. */
export function productEnvironment(port: number, databaseUrl: string): Record<string, string> {
  return {
    PORT: String(port),
    HOST: "127.0.0.1",
    DATABASE_URL: databaseUrl,
    LATCHKEY_SECRET: config().secret,
    ALLOW_PRIVATE_UPSTREAMS: "true",
    LOG_LEVEL: "warn",
  };
}
