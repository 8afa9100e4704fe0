import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import { invalidField } from "@/lib/domain/errors";
import { credentialMaxLength, isCredential, isLabel, labelMaxLength } from "@/lib/domain/service";
import { refuse } from "../parse";

/** The name of an instance within its service, exactly as its callers write it; empty text means none (null). */
export const labelSchema = z.string().transform((text, context): string | null => {
  if (text === "") return null;
  if (!isLabel(text)) refuse(context, "label_invalid", { max: labelMaxLength });
  return text;
});

/** A credential that callers have already; empty text means that one is made (null). */
export const credentialSchema = z.string().transform((text, context): string | null => {
  if (text === "") return null;
  if (!isCredential(text)) refuse(context, "credential_invalid", { max: credentialMaxLength });
  return text;
});

/**
 * Makes sure that nobody has this id with this token. Who has both can ask the gate the same thing, so that the answer tells
 * nothing new; with another token any id can be given, whoever else has it.
 *
 * @throws Refusal `invalid` (givenId: id_taken within the account, id_unusable elsewhere)
 */
export async function requireFreeGivenId(
  tx: Pick<Transaction, "instance">,
  accountId: string,
  givenId: string,
  digests: Uint8Array<ArrayBuffer>[],
): Promise<void> {
  const tokenDigest = { in: digests };
  const holder = await tx.instance.findFirst({
    where: {
      OR: [
        { givenId, tokenDigest },
        { id: givenId, tokenDigest },
        { id: givenId, accountId },
      ],
    },
    select: { accountId: true },
  });
  if (holder) throw invalidField("givenId", holder.accountId === accountId ? "id_taken" : "id_unusable");
}
