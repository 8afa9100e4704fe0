import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import type { AddressMode } from "@/lib/domain/address-mode";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { typedNameSchema } from "../name-schema";
import { parse } from "../parse";
import { forecastLockOut, requireConfirmation } from "./lock-out";
import { takeStep } from "./step";

const schema = z.object({ confirmation: typedNameSchema });

/**
 * Rejects every address that is not on the list, on all instances. An empty list, which would reject
 * everybody, is never enforced.
 *
 * @param input `confirmation`: the account's name, when a caller seen in the last 7 days would be locked out
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is not being observed, or `invalid`
 *   (rules: addresses_none; confirmation: required, name_mismatch)
 */
export async function enforceAddresses(
  actor: Actor,
  input: { confirmation?: string } = {},
): Promise<{ mode: AddressMode }> {
  authorize(actor, "address.change");
  const { confirmation } = parse(schema, input);
  return takeStep(actor, "enforce", async ({ tx, account }, rules) => {
    if (rules.length === 0) {
      throw new Refusal("invalid", { fields: [{ field: "rules", code: "addresses_none" }] });
    }
    requireConfirmation(await forecastLockOut(tx, account.id, null, rules), account, confirmation);
  });
}
