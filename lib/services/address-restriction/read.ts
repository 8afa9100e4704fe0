import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import { readAddressRejections, readRequestsOf } from "@/lib/db/addresses";
import type { CallerRow } from "@/lib/db/callers";
import type { Actor } from "@/lib/domain/actor";
import { compileAddressList } from "@/lib/domain/address-list";
import { addressKind } from "@/lib/domain/address-rule";
import {
  type AddressCallerView,
  type AddressForecast,
  type AddressForecastView,
  type AddressRejections,
  type AddressRestrictionView,
  type AddressRuleView,
  addressCallersShown,
  inUseMs,
  locksOut,
} from "@/lib/domain/address-view";
import { trafficSince } from "@/lib/domain/traffic";
import { authorize, readUseCase } from "../use-case";
import { findRule, forecastLockOut } from "./list";

/** A caller as the module lists it. */
function callerView(
  row: Omit<AddressCallerView, "requests" | "inUse">,
  requests: number,
  now: Date,
): AddressCallerView {
  const { id, instanceId, instanceName, others, name, address, agent, lastSeenAt } = row;
  const caller = { id, instanceId, instanceName, others, name, address, agent, lastSeenAt };
  return { ...caller, requests, inUse: now.getTime() - row.lastSeenAt.getTime() <= inUseMs };
}

/** A forecast with the first few callers by name, those heard last first, and the rest as numbers. */
async function forecastView(
  accountId: string,
  forecast: AddressForecast<CallerRow>,
  now: Date,
): Promise<AddressForecastView> {
  const { rejected, inUse, unknown, passing } = forecast;
  const shown = rejected.slice(0, addressCallersShown);
  const since = new Date(now.getTime() - inUseMs);
  const ids = shown.map(({ id }) => id);
  const requests = ids.length > 0 ? await readRequestsOf(accountId, ids, since) : new Map<string, number>();
  return {
    callers: shown.map((row) => callerView(row, requests.get(row.id) ?? 0, now)),
    total: rejected.length,
    inUse: inUse.length,
    unknown: unknown.length,
    passing,
    confirm: locksOut(forecast),
  };
}

async function readRejections(accountId: string, now: Date): Promise<AddressRejections> {
  const { callers, requests } = await readAddressRejections(accountId, trafficSince("day", now));
  const own = callers.filter(({ others }) => !others);
  return {
    callers: own.slice(0, addressCallersShown).map((row) => callerView(row, row.requests, now)),
    total: own.length,
    requests,
  };
}

function currentAddress(
  { address }: Actor,
  rules: readonly AddressRuleView[],
): AddressRestrictionView["current"] {
  const kind = addressKind(address);
  const listed = compileAddressList(rules.map(({ cidr }) => cidr)).includes(address);
  return kind === null ? { address: null, kind, listed: false } : { address, kind, listed };
}

/**
 * The address list, what it does, and whom it would reject or has rejected. A second may pass until a gate
 * has written down what it saw.
 */
export const readAddressRestriction = readUseCase({
  permission: "address.read",
  run: async (actor): Promise<AddressRestrictionView> => {
    authorize(actor, "caller.read");
    const { accountId } = actor;
    const now = new Date();
    const { rules, addressMode: mode } = await readAccountFacts(accountId);
    const observed = mode === "observe" ? await forecastLockOut(null, accountId, null, rules) : null;
    return {
      mode,
      rules,
      forecast: observed && (await forecastView(accountId, observed, now)),
      rejections: mode === "enforce" ? await readRejections(accountId, now) : null,
      current: currentAddress(actor, rules),
    };
  },
});

/**
 * Who would be rejected if an entry were taken off the list now; null while the list rejects nobody.
 *
 * @throws Refusal `not_found`
 */
export const forecastRemoval = readUseCase({
  permission: "address.read",
  input: z.object({ ruleId: z.string() }),
  run: async ({ accountId }, { ruleId }): Promise<AddressForecastView | null> => {
    const { rules, addressMode: mode } = await readAccountFacts(accountId);
    const rule = findRule(rules, ruleId);
    if (mode !== "enforce") return null;
    const rest = rules.filter(({ id }) => id !== rule.id);
    return forecastView(accountId, await forecastLockOut(null, accountId, rules, rest), new Date());
  },
});
