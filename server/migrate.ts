import { defineCommand } from "./command";
import { applyMigrations } from "./migrations/apply";
import { loadConfig } from "./settings";
import { StartError } from "./terminal";
import { words } from "./words";

/** `latchkey migrate` */
export const command = defineCommand({
  name: "migrate",
  options: {},
  json: true,
  async run({ result }) {
    const { databaseUrl } = loadConfig();
    if (!databaseUrl) throw new StartError(words("migrate.noDatabase"));
    const applied = await applyMigrations(databaseUrl);
    result(
      { applied },
      applied.length === 0
        ? words("migrate.current")
        : words("migrate.applied", { names: applied.join(", ") }),
    );
    return 0;
  },
});
