import { readAddressRejections } from "@/lib/db/address-callers";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { compileAddressList } from "@/lib/domain/address-list";
import { addressKind } from "@/lib/domain/address-rule";
import {
  type AddressRejections,
  type AddressRestrictionView,
  addressCallersShown,
} from "@/lib/domain/address-view";
import { trafficSince } from "@/lib/domain/traffic";
import { authorize } from "../authorize";
import { type StoredRule, storedRules } from "./change-addresses";
import { callerView, forecastView } from "./forecast-view";
import { forecastLockOut } from "./lock-out";

async function rejections(accountId: string, now: Date): Promise<AddressRejections> {
  const { callers, requests } = await readAddressRejections(accountId, trafficSince("day", now));
  const own = callers.filter(({ others }) => !others);
  return {
    callers: own.slice(0, addressCallersShown).map((row) => callerView(row, row.requests, now)),
    total: own.length,
    requests,
  };
}

function currentAddress({ address }: Actor, rules: readonly StoredRule[]): AddressRestrictionView["current"] {
  const kind = addressKind(address);
  const listed = compileAddressList(rules.map(({ cidr }) => cidr)).includes(address);
  return kind === null ? { address: null, kind, listed: false } : { address, kind, listed };
}

/**
 * The address list, what it does, and whom it would reject or has rejected. A second may pass until a gate
 * has written down what it saw.
 *
 * @throws Refusal `forbidden`
 */
export async function readAddressRestriction(actor: Actor): Promise<AddressRestrictionView> {
  authorize(actor, "address.read");
  authorize(actor, "caller.read");
  const { accountId } = actor;
  const now = new Date();
  const [rules, { addressMode: mode }] = await Promise.all([
    storedRules(db, accountId),
    db.account.findUniqueOrThrow({ where: { id: accountId }, select: { addressMode: true } }),
  ]);
  const forecast = async () =>
    forecastView(accountId, await forecastLockOut(db, accountId, null, rules), now);
  return {
    mode,
    rules,
    forecast: mode === "observe" ? await forecast() : null,
    rejections: mode === "enforce" ? await rejections(accountId, now) : null,
    current: currentAddress(actor, rules),
  };
}
