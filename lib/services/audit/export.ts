import { z } from "zod";
import { signCheckpoint } from "@/lib/crypto/audit-key";
import type { Actor } from "@/lib/domain/actor";
import { lineOf } from "@/lib/domain/audit-chain";
import { checkpointLine } from "@/lib/domain/audit-checkpoint";
import { type AuditFilter, isNarrowed } from "@/lib/domain/audit-filter";
import { csvHead, csvLine } from "@/lib/domain/audit-line";
import { AuditVerification } from "@/lib/domain/audit-verification";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse, refuse } from "../parse";
import { auditWhere } from "./list";
import { type ChainHead, readHead, storedChain } from "./verify";

/** How an audit trail can be exported. */
export const auditFormats = ["jsonl", "csv"] as const;

const schema = z.object({
  format: z.string().transform((text, context) => {
    const format = auditFormats.find((each) => each === text);
    if (!format) refuse(context, "choice_invalid");
    return format ?? "jsonl";
  }),
});

interface ExportQuery {
  readonly format: string;
  /** Narrows CSV only: a chain is exported whole. */
  readonly filter?: AuditFilter;
  /** Whose days the filter means; UTC unless given. */
  readonly timeZone?: string;
}

/** An export, to be read piece by piece. */
export interface AuditExport {
  readonly format: (typeof auditFormats)[number];
  readonly pieces: AsyncIterable<string>;
}

/**
 * Exports the account's audit trail and records that. JSON Lines is the whole chain, this export's own event
 * last, then a signed checkpoint. A chain that is not whole is exported as it is, and not signed.
 *
 * @throws Refusal `forbidden`, or `invalid` (format)
 */
export async function exportAudit(actor: Actor, input: ExportQuery): Promise<AuditExport> {
  authorize(actor, "audit.export");
  const { format } = parse(schema, input);
  const { filter = {}, timeZone = "UTC" } = input;
  await change(actor, "audit.export", async () => ({
    result: undefined,
    event: {
      action: "audit.exported",
      targetType: "audit",
      details: { format, part: format === "csv" && isNarrowed(filter) },
    },
    altersDecision: false,
  }));
  const head = await readHead(actor.accountId);
  const pieces =
    format === "csv"
      ? asCsv(head, auditWhere(actor.accountId, filter, timeZone))
      : asJsonLines(head, actor.accountId);
  return { format, pieces };
}

async function* asCsv(head: ChainHead, where: ReturnType<typeof auditWhere>): AsyncGenerator<string> {
  yield csvHead();
  for await (const events of storedChain(head, where)) yield events.map(csvLine).join("");
}

async function* asJsonLines(head: ChainHead, account: string): AsyncGenerator<string> {
  const verification = new AuditVerification({
    kept: { account, seq: Number(head.seq), hash: head.hash },
  });
  for await (const events of storedChain(head, auditWhere(account, {}, "UTC"))) {
    const lines = events.map(lineOf);
    for (const line of lines) verification.take(line);
    yield lines.map((line) => `${line}\n`).join("");
  }
  const verdict = verification.end();
  // Nothing is vouched for that is seen to be broken.
  if (verdict.result === "broken") return;
  const at = new Date().toISOString();
  yield `${checkpointLine(signCheckpoint({ account, seq: Number(head.seq), hash: head.hash, at }))}\n`;
}
