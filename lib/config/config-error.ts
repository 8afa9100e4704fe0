/** A configuration that cannot work; the message lists every wrong variable with its fix. */
export class ConfigError extends Error {
  override name = "ConfigError";
}
