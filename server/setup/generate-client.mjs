import { existsSync } from "node:fs";
import { clearStamp, fingerprint, readStamp, writeStamp } from "./fingerprint.mjs";
import { inRoot } from "./paths.mjs";
import { failed, tryCommand } from "./run-command.mjs";
import { announce } from "./say.mjs";

const sources = ["prisma/schema.prisma", "prisma.config.ts", "node_modules/prisma/package.json"];

/** True when the Prisma client is missing or older than the schema. */
export function clientIsDue() {
  return !existsSync(inRoot("prisma/generated/client.ts")) || readStamp("client") !== fingerprint(sources);
}

/** Generates the Prisma client. */
export async function generateClient() {
  await announce("generating the database client", async () => {
    clearStamp("client");
    const result = await tryCommand(
      process.execPath,
      [inRoot("node_modules/prisma/build/index.js"), "generate"],
      // Generating needs no engine, yet Prisma downloads one unless it is told that there is one.
      { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
    );
    if (!result.ok)
      failed("Prisma could not generate its client:", result.output, "Mend prisma/schema.prisma.");
    writeStamp("client", fingerprint(sources));
  });
}
