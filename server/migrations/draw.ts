import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../folders";
import { StartError } from "../terminal";
import { noFilters, withSchemaEngine } from "./engine";

/** prisma/schema.prisma as it is in this checkout. */
export function editedSchema(): string {
  return readFileSync(join(checkout, "prisma", "schema.prisma"), "utf8");
}

/**
 * prisma/schema.prisma as it was last committed.
 *
 * @throws StartError outside a git checkout
 */
export function committedSchema(): string {
  try {
    return execFileSync("git", ["show", "HEAD:prisma/schema.prisma"], { cwd: checkout, encoding: "utf8" });
  } catch (error) {
    throw new StartError("a migration is drawn from the committed schema, so it needs git and a commit.", {
      cause: error,
    });
  }
}

/**
 * The statements that lead from one schema to another, as Prisma's own engine writes them; empty when there
 * is no difference.
 *
 * @param from null: an empty database
 * @param databaseUrl the engine wants a connection, and changes nothing there
 */
export async function migrationBetween(
  from: string | null,
  to: string,
  databaseUrl: string,
): Promise<string> {
  const file = (content: string) => ({
    tag: "schemaDatamodel" as const,
    files: [{ path: "schema.prisma", content }],
  });
  const result = await withSchemaEngine(databaseUrl, to, (engine) =>
    engine.diff({
      from: from === null ? { tag: "empty" } : file(from),
      to: file(to),
      script: true,
      exitCode: true,
      filters: noFilters,
      // The engine demands the field, which its types leave out.
      ...{ shadowDatabaseUrl: null },
    }),
  );
  return result.exitCode === 0 ? "" : (result.stdout ?? "");
}
