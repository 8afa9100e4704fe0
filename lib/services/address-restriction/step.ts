import type { Actor } from "@/lib/domain/actor";
import { type AddressMode, type AddressStep, afterStep } from "@/lib/domain/address-mode";
import type { AuditAction } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import type { Change } from "../change";
import { addressEvent, changeAddresses, type StoredRule } from "./change-addresses";

const actions: Readonly<Record<AddressStep, AuditAction>> = {
  observe: "address.observed",
  enforce: "address.enforced",
  stop_enforcing: "address.released",
  stop_observing: "address.ended",
};

/** One step of the ladder, refused with `conflict` where there is none from here; `guard` may refuse it too. */
export function takeStep(
  actor: Actor,
  step: AddressStep,
  guard?: (change: Change, rules: readonly StoredRule[]) => Promise<void>,
): Promise<{ mode: AddressMode }> {
  return changeAddresses(actor, async (open, rules) => {
    const { tx, account } = open;
    const mode = afterStep(account.addressMode, step);
    if (mode === null) throw new Refusal("conflict");
    await guard?.(open, rules);
    await tx.account.update({ where: { id: account.id }, data: { addressMode: mode } });
    const event = addressEvent(actions[step], null, { count: rules.length });
    return { result: { mode }, event, altersDecision: true };
  });
}
