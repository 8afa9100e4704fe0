import { generateKeyPairSync, sign } from "node:crypto";
import { type ChainedEvent, genesisHash, type HashedEvent, hashOf, lineOf } from "@/lib/domain/audit-chain";
import { auditKeyOf, type Checkpoint, checkpointLine, signedText } from "@/lib/domain/audit-checkpoint";
import { type AuditKnowledge, type AuditVerdict, AuditVerification } from "@/lib/domain/audit-verification";

/** Two accounts. */
export const [ana, bob] = [
  "0193a000-0000-7000-8000-00000000000a",
  "0193a000-0000-7000-8000-00000000000b",
] as const;

const pair = generateKeyPairSync("ed25519");

/** The key that the checkpoints of these chains are signed with. */
export const testKeys = [auditKeyOf(pair.publicKey.export({ format: "jwk" }).x ?? "")] as const;

/** A chain of events. */
export function chain(length: number, account: string = ana): HashedEvent[] {
  const events: HashedEvent[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const event: ChainedEvent = {
      ...{ type: "event", v: 1, account, seq, at: new Date(1_760_000_000_000 + seq).toISOString() },
      ...{ action: "instance.renamed", actor: "ana@example.com", actorId: null, targetType: "instance" },
      ...{ targetId: `i${seq}`, target: "Grüße ✓", address: "10.0.0.1", userAgent: "Test" },
      ...{ details: { from: "A", count: seq }, prevHash: events.at(-1)?.hash ?? genesisHash },
    };
    events.push({ ...event, hash: hashOf(event) });
  }
  return events;
}

/** The signed checkpoint of a chain, as a line. */
export function signedCheckpoint(events: readonly HashedEvent[]): string {
  const last = events.at(-1);
  if (!last) throw new Error("no event");
  const { account, seq, hash } = last;
  const checkpoint: Checkpoint = {
    ...{ type: "checkpoint", v: 1, account, seq, hash, at: "2026-11-25T08:00:00.000Z", kid: testKeys[0].kid },
  };
  const signature = sign(null, Buffer.from(signedText(checkpoint)), pair.privateKey).toString("base64url");
  return checkpointLine({ ...checkpoint, signature });
}

/** Lines as text, every one with its end. */
export function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** A whole export as text. */
export function exported(events: readonly HashedEvent[]): string {
  return joined([...events.map(lineOf), signedCheckpoint(events)]);
}

/** The verdict on an export. */
export function verify(text: string, knowledge: AuditKnowledge = { keys: testKeys }): AuditVerdict {
  const verification = new AuditVerification(knowledge);
  const lines = text.split("\n");
  const rest = lines.pop();
  for (const line of lines) verification.take(line);
  if (rest) verification.take(rest, false);
  return verification.end();
}
