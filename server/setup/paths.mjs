import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder, whatever the current one is. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The absolute path of something in the checkout. */
export function inRoot(...parts) {
  return join(root, ...parts);
}
