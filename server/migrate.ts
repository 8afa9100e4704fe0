import "./output.js";
import { applyMigrations } from "./migrations/apply";
import { loadConfig } from "./settings";
import { print, printFailure, StartError } from "./terminal";

async function main(): Promise<void> {
  const { databaseUrl } = loadConfig();
  if (!databaseUrl) throw new StartError("set DATABASE_URL; npm start migrates its own database by itself.");
  const applied = await applyMigrations(databaseUrl);
  print(applied.length === 0 ? "the database is up to date." : `applied ${applied.join(", ")}.`);
}

try {
  await main();
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
