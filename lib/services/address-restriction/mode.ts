import { z } from "zod";
import type { AddressMode, AddressStep } from "@/lib/domain/address-mode";
import { afterStep } from "@/lib/domain/address-mode";
import type { AddressRuleView } from "@/lib/domain/address-view";
import type { AuditAction } from "@/lib/domain/audit-event";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { consent } from "../parse";
import { type Change, changeUseCase, type Nothing, type UseCase } from "../use-case";
import { addressEvent, guardLockOut, storedRules } from "./list";

const events: Readonly<Record<AddressStep, AuditAction>> = {
  observe: "address.observed",
  enforce: "address.enforced",
  stop_enforcing: "address.released",
  stop_observing: "address.ended",
};

/** Declares one step of the ladder, refused with `conflict` where there is none from here; `guard` may refuse it too. */
function stepUseCase<S extends z.ZodType = Nothing>(
  step: AddressStep,
  input?: S,
  guard?: (change: Change, rules: readonly AddressRuleView[], input: z.output<S>) => Promise<void>,
): UseCase<S, { mode: AddressMode }> {
  return changeUseCase({
    permission: "address.change",
    altersDecision: true,
    ...(input && { input }),
    run: async (change, given: z.output<S>) => {
      const { tx, account } = change;
      const mode = afterStep(account.addressMode, step);
      if (mode === null) throw new Refusal("conflict");
      const rules = await storedRules(tx, account.id);
      await guard?.(change, rules, given);
      await tx.account.update({ where: { id: account.id }, data: { addressMode: mode } });
      return { result: { mode }, event: addressEvent(events[step], null, { count: rules.length }) };
    },
  });
}

/**
 * Watches which callers the list would reject. Every address still gets through.
 *
 * @throws Refusal `conflict` when it is watched or enforced already
 */
export const observeAddresses = stepUseCase("observe");

/**
 * Rejects every address that is not on the list, on all instances. An empty list, which would reject
 * everybody, is never enforced.
 *
 * `confirmation` is the account's name: required when a caller would be locked out, or may be.
 *
 * @throws Refusal `conflict` when it is not being observed, or `invalid` (rules: addresses_none;
 *   confirmation: required, name_mismatch, callers_changed)
 */
export const enforceAddresses = stepUseCase(
  "enforce",
  z.object(consent),
  async (change, rules, { confirmation: typed, named }) => {
    if (rules.length === 0) throw invalidField("rules", "addresses_none");
    await guardLockOut(change, null, rules, { typed, named });
  },
);

/**
 * Lets every address in again; the list is observed from then on.
 *
 * @throws Refusal `conflict` when it is not enforced
 */
export const stopEnforcingAddresses = stepUseCase("stop_enforcing");

/**
 * Takes the list out of use; its entries stay.
 *
 * @throws Refusal `conflict` when it is not being observed
 */
export const stopObservingAddresses = stepUseCase("stop_observing");
