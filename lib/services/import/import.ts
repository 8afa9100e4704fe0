import { z } from "zod";
import { db } from "@/lib/db/client";
import type { StoredService } from "@/lib/db/transaction";
import type { Enforcement } from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import type { ImportedRecords, ImportPreview } from "@/lib/domain/instance-import";
import { findService } from "../services/change";
import { changeUseCase, readUseCase } from "../use-case";
import { isHereAlready, noteCollisions, noteTakenNames } from "./collisions";
import { fingerprint, type PlannedInstance, planLines, previewOf } from "./plan";
import { inTime, readBytes, readImportFile } from "./read-file";
import { listOf, readUpstreamList } from "./upstream-list";
import { rowsToWrite, writeRows } from "./write";

const sourceSchema = z.object({
  /** A file, piece by piece; left out: what the service's gateway lists. */
  body: z.custom<AsyncIterable<Uint8Array>>().optional(),
  /** The service of lines that name none. */
  serviceId: z.string().optional(),
  /** Told the part that is done, 0 to 1. */
  onProgress: z
    .custom<(share: number) => void>((value) => typeof value === "function")
    .default(() => () => {}),
});

type Source = z.output<typeof sourceSchema>;

/** A plan holds a whole file: more of them at once would take the memory that pages need. */
const mostAtOnce = 2;
/** Files on their way: who sends slowly must keep no other account from importing. */
const mostComing = { inAll: 8, ofOne: 2 } as const;
let underWay = 0;
const coming: string[] = [];

const comeLater = () => new Refusal("limited", { retryAfter: 10 });

/**
 * Has the whole file before it takes a turn.
 *
 * @throws Refusal `limited` while others are at it, or `invalid` (file)
 */
async function inTurn<T>(
  accountId: string,
  { body }: Source,
  work: (file: Buffer | null) => Promise<T>,
): Promise<T> {
  const file = body === undefined ? null : await received(accountId, body);
  if (underWay >= mostAtOnce) throw comeLater();
  underWay++;
  try {
    return await work(file);
  } finally {
    underWay--;
  }
}

async function received(accountId: string, body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const own = coming.filter((id) => id === accountId).length;
  if (own >= mostComing.ofOne || coming.length >= mostComing.inAll) throw comeLater();
  coming.push(accountId);
  try {
    return await readBytes(inTime(body));
  } finally {
    coming.splice(coming.indexOf(accountId), 1);
  }
}

/** The records of a source. @throws Refusal `not_found` (the service), or `invalid` (file, list) */
async function recordsFrom(
  file: Buffer | null,
  { serviceId }: Source,
  chosen: StoredService | null,
): Promise<ImportedRecords> {
  if (file !== null) return readImportFile(file, (chosen && listOf(chosen)) ?? null);
  if (chosen === null) throw new Refusal(serviceId === undefined ? "invalid" : "not_found");
  return readUpstreamList(chosen);
}

interface Planned {
  readonly read: ImportedRecords;
  readonly plan: PlannedInstance[];
  /** How many the service had already, of those that its gateway lists. */
  readonly here: number;
}

const readingShare = 0.1;

async function planFrom(
  accountId: string,
  file: Buffer | null,
  source: Source,
  share: number,
): Promise<Planned> {
  const { serviceId, onProgress } = source;
  const chosen = serviceId === undefined ? null : await findService(db, accountId, serviceId);
  const read = await recordsFrom(file, source, chosen);
  onProgress(readingShare * share);
  const services = await db.service.findMany({ where: { accountId }, select: { id: true, name: true } });
  const planned = await planLines(read, services, chosen?.id ?? null, (done) =>
    onProgress((readingShare + (1 - readingShare) * done) * share),
  );
  await noteCollisions(accountId, planned);
  // A list is read again for what is new: what is here already is no mistake of anybody's.
  const plan = read.form === "list" ? planned.filter((each) => !isHereAlready(each)) : planned;
  return { read, plan, here: planned.length - plan.length };
}

/** Whether instances are enforced one by one now, so that one that is new can be, too. */
const mayChoose = (enforcement: Enforcement) => enforcement === "staged" || enforcement === "grace";

/**
 * Says of each line what would become of it, and writes nothing. At most 100,000 lines and 20 MB.
 *
 * @throws Refusal `forbidden`, `not_found` (the service), `limited`, or `invalid` (file, list)
 */
export const previewImport = readUseCase({
  permission: "instance.create",
  input: sourceSchema,
  run: ({ accountId }, source): Promise<ImportPreview> =>
    inTurn(accountId, source, async (file) => {
      const { read, plan, here } = await planFrom(accountId, file, source, 0.9);
      const { enforcement } = await db.account.findUniqueOrThrow({ where: { id: accountId } });
      source.onProgress(1);
      return previewOf(plan, read, { here, mayChoose: mayChoose(enforcement) });
    }),
});

/**
 * Imports the lines that are ready, all of them or none, and leaves the others out. `plan` is what the preview stands for: when the
 * file, the list or what exists has become another, nothing happens. Asks for a fresh proof, because it decides for many
 * instances at once who is let in. One event says how many there were; the moment they are created at is the same for all.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found` (the service), `limited`, `conflict`, or `invalid` (file, list)
 */
export const importInstances = changeUseCase({
  permission: "instance.create",
  proof: true,
  altersDecision: true,
  timeoutMs: 60_000,
  input: sourceSchema.extend({ plan: z.string() }),
  before: ({ accountId }, source) =>
    inTurn(accountId, source, async (file) => {
      const { read, plan } = await planFrom(accountId, file, source, 0.5);
      if ((await fingerprint(plan)) !== source.plan) throw new Refusal("conflict");
      return { form: read.form, lines: plan.length, rows: await rowsToWrite(plan) };
    }),
  run: async ({ tx, account }, { onProgress }, { form, lines, rows }) => {
    const wanted = rows.map(({ planned }) => planned);
    // Whatever else is unique, the database refuses.
    await noteTakenNames(tx, account.id, wanted);
    if (rows.length === 0 || wanted.some(({ errors }) => errors.length > 0)) throw new Refusal("conflict");
    const serviceIds = new Set(rows.flatMap(({ planned }) => planned.service?.id ?? []));
    const found = await tx.service.count({ where: { accountId: account.id, id: { in: [...serviceIds] } } });
    if (found !== serviceIds.size) throw new Refusal("conflict");
    await writeRows(tx, account.id, rows, mayChoose(account.enforcement), (share) =>
      onProgress(0.6 + 0.4 * share),
    );
    const details = { count: rows.length, left: lines - rows.length, format: form };
    return { result: { imported: rows.length }, event: { action: "instance.imported", details } };
  },
});
