import { config } from "@/lib/config";
import { keysOf } from "@/lib/crypto/keys";
import { UsageError } from "../command";
import { ownVersion } from "../folders";
import { keepWords } from "../words";
import { snapshot, withClient } from "./database";
import { type BackupHead, type TableSums, writeBackup } from "./form";

/** How many tables and rows there are. */
export function countsOf(sums: TableSums): { readonly tables: number; readonly rows: number } {
  const all = Object.values(sums);
  return { tables: all.length, rows: all.reduce((count, { rows }) => count + rows, 0) };
}

/** The secrets that a backup brings, the one of its data first. @throws UsageError when that one is not known here */
function secretsFor(secretId: string | null): string[] {
  let given: readonly string[] = [];
  try {
    given = config().secrets();
  } catch {
    // Said below.
  }
  const first = given.find((secret) => secretId === null || keysOf(secret).id === secretId);
  if (first === undefined) throw new UsageError(keepWords("backup.noSecret"));
  return [first, ...given.filter((secret) => secret !== first)];
}

/**
 * Reads a whole database at one moment as the content of a backup.
 *
 * @param use gets the content, which has to be read to its end
 * @returns what it was, and the sums of its tables
 */
export function withBackupOf(
  databaseUrl: string,
  withSecret: boolean,
  use: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<{ readonly head: BackupHead; readonly sums: TableSums }> {
  return withClient(databaseUrl, async (client) => {
    const { head: of, tables } = await snapshot(client);
    const secrets = withSecret ? secretsFor(of.secretId) : null;
    const head = { latchkey: ownVersion(), at: new Date().toISOString(), ...of, secrets };
    let sums: TableSums = {};
    async function* content(): AsyncGenerator<Buffer> {
      sums = yield* writeBackup(head, tables);
    }
    await use(content());
    return { head, sums };
  });
}
