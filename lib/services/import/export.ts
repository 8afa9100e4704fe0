import { z } from "zod";
import { boxContext, unseal } from "@/lib/crypto/sealed-box";
import { readExportRows } from "@/lib/db/instances";
import type { Transaction } from "@/lib/db/transaction";
import { csvField } from "@/lib/domain/audit-line";
import { writeEndpointSettings } from "@/lib/domain/endpoint-settings";
import { guardApostrophe, type ImportColumn, importColumns } from "@/lib/domain/instance-import";
import { shownName } from "@/lib/domain/seen-text";
import { settingsOf } from "../endpoint-rules/rules";
import { refuse } from "../parse";
import { changeUseCase } from "../use-case";

const exportFormats = ["csv", "json"] as const;

const exportSchema = z.object({
  format: z.string().transform((text, context) => {
    const format = exportFormats.find((each) => each === text);
    if (!format) refuse(context, "choice_invalid");
    return format ?? "csv";
  }),
});

/** An export, to be read piece by piece. */
export interface InstanceExport {
  readonly format: (typeof exportFormats)[number];
  readonly pieces: AsyncIterable<string>;
}

type Exported = Readonly<Record<ImportColumn, string>>;

const rowsAPiece = 1000;

async function* exported(accountId: string, secrets: boolean): AsyncGenerator<readonly Exported[]> {
  for (let after = { createdAt: new Date(0), id: "" }; ; ) {
    const rows = await readExportRows(accountId, after, rowsAPiece);
    yield rows.map(
      (row): Exported => ({
        name: shownName(row.name),
        id: row.givenId ?? row.id,
        token: secrets ? unseal(row.tokenSealed, boxContext.instanceToken(row.id)) : "",
        service: row.service ?? "",
        label: row.label ?? "",
        hosts: row.hosts.join(" "),
        upstream: row.service === null ? (row.upstreamUrl ?? "") : "",
        enforced: row.enforced ? "yes" : "no",
        paused: row.paused ? "yes" : "no",
        first_byte_seconds: row.firstByteSeconds === null ? "" : String(row.firstByteSeconds),
        answers: row.service !== null || row.answerStyle === "documented" ? "" : row.answerStyle,
        endpoint_rules: writeEndpointSettings(settingsOf(row)),
      }),
    );
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAPiece) return;
    after = last;
  }
}

const line = (cells: readonly string[]) =>
  `${cells.map((cell) => csvField(guardApostrophe(cell))).join(",")}\r\n`;

async function* csv(groups: AsyncIterable<readonly Exported[]>): AsyncGenerator<string> {
  // A byte-order mark, by which spreadsheets know UTF-8.
  yield `\ufeff${line(importColumns)}`;
  for await (const rows of groups)
    yield rows.map((row) => line(importColumns.map((each) => row[each]))).join("");
}

async function* json(groups: AsyncIterable<readonly Exported[]>): AsyncGenerator<string> {
  yield '{"latchkey":"instances","version":1,"instances":[';
  let separator = "\n";
  for await (const rows of groups) {
    for (const row of rows) {
      yield separator + JSON.stringify(row);
      separator = ",\n";
    }
  }
  yield "\n]}\n";
}

async function startExport(
  tx: Transaction,
  accountId: string,
  { format }: z.output<typeof exportSchema>,
  secrets: boolean,
) {
  const count = await tx.instance.count({ where: { accountId } });
  const groups = exported(accountId, secrets);
  const result: InstanceExport = { format, pieces: format === "csv" ? csv(groups) : json(groups) };
  return {
    result,
    event: { action: "instance.exported", details: { format, count, flag: secrets } },
  } as const;
}

/**
 * The account's instances in the form that an import takes, without their tokens. Leaves an event.
 *
 * @throws Refusal `forbidden`, or `invalid` (format)
 */
export const exportInstances = changeUseCase({
  permission: "instance.read",
  altersDecision: false,
  input: exportSchema,
  run: ({ tx, account }, input) => startExport(tx, account.id, input, false),
});

/**
 * The same with all instance tokens, so that another Latchkey goes on answering the same callers. Asks for a fresh proof, and
 * leaves an event. What is stored for upstreams is in no export.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `invalid` (format)
 */
export const exportInstanceSecrets = changeUseCase({
  permission: "instance.reveal",
  altersDecision: false,
  input: exportSchema,
  run: ({ tx, account }, input) => startExport(tx, account.id, input, true),
});
