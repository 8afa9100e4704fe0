import { join } from "node:path";

/** The checkout's folder; true for server/*.ts and for the bundles in dist/ alike. */
export const checkout = join(import.meta.dirname, "..");
