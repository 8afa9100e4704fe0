import { type AddressCallerRow, readAddressCallers } from "@/lib/db/address-callers";
import type { Transaction } from "@/lib/db/transaction";
import { type AddressForecast, forecastAddresses, locksOut } from "@/lib/domain/address-forecast";
import { compileAddressList } from "@/lib/domain/address-list";
import { requireTypedName } from "../typed-name";

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
