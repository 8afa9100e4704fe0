import { type StoredSecretKey, secretChannel } from "@/lib/db/secret-keys";
import { inTransaction } from "@/lib/db/transaction";
import { operator } from "@/lib/domain/actor";
import { appendAuditToAll } from "./audit/append";
import { recordedAs } from "./use-case";

/** A secret that takes the place of another. */
interface SecretChange {
  readonly from: string;
  readonly to: string;
  /** What stays of each retired secret, sealed under the new one. */
  readonly left: readonly Pick<StoredSecretKey, "id" | "sealed" | "auditKey">[];
}

/** Long enough for the trails of a hundred thousand accounts. */
const putInUseWithinMs = 120_000;

/**
 * Puts another secret in use, records that in the trail of every account and tells every process: in one transaction.
 * Whoever calls this stands at the machine: it asks for no permission and must not be reachable by the web.
 *
 * @throws Error when another one is in use by now
 */
export function putInUse({ from, to, left }: SecretChange): Promise<void> {
  return inTransaction(async (tx) => {
    // First, as whoever changes an account holds it first.
    await appendAuditToAll(tx, {
      action: "server.secret_replaced",
      details: { from, to },
      ...recordedAs(operator),
    });
    const retired = await tx.$executeRaw`
      UPDATE "SecretKey" SET "retiredAt" = now() WHERE "id" = ${from} AND "retiredAt" IS NULL`;
    if (retired !== 1) throw new Error("another secret was put in use meanwhile");
    await tx.$executeRaw`
      INSERT INTO "SecretKey" ("id") VALUES (${to}) ON CONFLICT ("id") DO UPDATE
         SET "createdAt" = now(), "retiredAt" = NULL, "sealed" = NULL, "auditKey" = NULL`;
    for (const { id, sealed, auditKey } of left) {
      await tx.$executeRaw`
        UPDATE "SecretKey" SET "sealed" = ${sealed}, "auditKey" = ${auditKey} WHERE "id" = ${id}`;
    }
    // What came before ids were kept is under the only secret that there was.
    await tx.$executeRaw`UPDATE "ClientToken" SET "secretId" = ${from} WHERE "secretId" IS NULL`;
    await tx.$executeRaw`UPDATE "RecoveryCode" SET "secretId" = ${from} WHERE "secretId" IS NULL`;
    await tx.$executeRaw`SELECT pg_notify(${secretChannel}, '')`;
  }, putInUseWithinMs);
}
