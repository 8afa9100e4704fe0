import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, parseConfig } from "@/lib/config";
import { ConfigError } from "@/lib/config/values";
import { checkout } from "./checkout";
import { StartError } from "./start-error";

/**
 * Reads `.env` of the checkout, where variables that are already set win, and parses the configuration.
 *
 * @throws StartError that names each wrong variable
 */
export function loadConfig(): Config {
  const file = join(checkout, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new StartError(`the configuration does not work.\n  ${error.message.replaceAll("\n", "\n  ")}`);
  }
}
