import { z } from "zod";
import { type AddressCallerRow, readAddressCallers } from "@/lib/db/addresses";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { compileAddressList } from "@/lib/domain/address-list";
import { type AddressMode, type AddressStep, afterStep } from "@/lib/domain/address-rule";
import { type AddressForecast, forecastAddresses, locksOut } from "@/lib/domain/address-view";
import type { AuditAction } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import type { Change } from "../change";
import { parse, requireTypedName, typedNameSchema } from "../parse";
import { addressEvent, changeAddresses, type StoredRule } from "./change-addresses";

/** Entries as far as a forecast needs them. */
type Rules = readonly { readonly cidr: string }[];

/** Who would newly be rejected when a list is enforced instead of another; `before` null: none is enforced. */
export async function forecastLockOut(
  tx: Pick<Transaction, "$queryRaw">,
  accountId: string,
  before: Rules | null,
  after: Rules,
): Promise<AddressForecast<AddressCallerRow>> {
  const compile = (rules: Rules) => compileAddressList(rules.map(({ cidr }) => cidr));
  const callers = await readAddressCallers(tx, accountId);
  return forecastAddresses(callers, before && compile(before), compile(after), new Date());
}

/**
 * Guards what may lock out a caller that is in use: the account's name has to be typed, as callers are at
 * this moment, whatever a page showed.
 *
 * @throws Refusal `invalid` (confirmation: required, name_mismatch)
 */
export function requireConfirmation(
  forecast: AddressForecast<AddressCallerRow>,
  account: { readonly name: string },
  confirmation: string,
): void {
  if (locksOut(forecast)) requireTypedName(account, confirmation);
}

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

/**
 * Watches which callers the list would reject. Every address still gets through.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is watched or enforced already
 */
export function observeAddresses(actor: Actor): Promise<{ mode: AddressMode }> {
  return takeStep(actor, "observe");
}

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

/**
 * Lets every address in again; the list is observed from then on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is not enforced
 */
export function stopEnforcingAddresses(actor: Actor): Promise<{ mode: AddressMode }> {
  return takeStep(actor, "stop_enforcing");
}

/**
 * Takes the list out of use; its entries stay.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is not being observed
 */
export function stopObservingAddresses(actor: Actor): Promise<{ mode: AddressMode }> {
  return takeStep(actor, "stop_observing");
}
