import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import { readAddressRejections, readRequestsOf } from "@/lib/db/addresses";
import type { Actor } from "@/lib/domain/actor";
import { compileAddressList } from "@/lib/domain/address-list";
import { addressKind } from "@/lib/domain/address-rule";
import {
  type AddressCallerView,
  type AddressForecastView,
  type AddressRejections,
  type AddressRestrictionView,
  type AddressRuleView,
  addressCallersShown,
  inUseMs,
} from "@/lib/domain/address-view";
import type { Consequence } from "@/lib/domain/caller-view";
import { can } from "@/lib/domain/permissions";
import { trafficSince } from "@/lib/domain/traffic";
import { type CallerFates, readConsequence } from "../callers/consequence";
import { authorize, readUseCase } from "../use-case";
import { fatesOfAddresses, findRule } from "./list";

/** A caller as the module lists it. */
function callerView(row: Omit<AddressCallerView, "requests">, requests: number): AddressCallerView {
  const { id, instanceId, instanceName, others, name, address, agent, lastSeenAt } = row;
  return { id, instanceId, instanceName, others, name, address, agent, lastSeenAt, requests };
}

/** What enforcing would do, as the module says it: the first few callers, those heard last first, and the rest as numbers. */
async function forecastView(
  accountId: string,
  { rejected, maybe, untouched }: CallerFates,
  now: Date,
): Promise<AddressForecastView> {
  const all = [...rejected, ...maybe].map(({ caller }) => caller);
  const own = all.filter(({ others }) => !others);
  const shown = own.slice(0, addressCallersShown);
  const since = new Date(now.getTime() - inUseMs);
  const ids = shown.map(({ id }) => id);
  const requests = ids.length > 0 ? await readRequestsOf(accountId, ids, since) : new Map<string, number>();
  return {
    callers: shown.map((row) => callerView(row, requests.get(row.id) ?? 0)),
    total: own.length,
    unknown: all.length - own.length,
    passing: untouched,
  };
}

async function readRejections(accountId: string, now: Date): Promise<AddressRejections> {
  const { callers, requests } = await readAddressRejections(accountId, trafficSince("day", now));
  const own = callers.filter(({ others }) => !others);
  return {
    callers: own.slice(0, addressCallersShown).map((row) => callerView(row, row.requests)),
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
    const observed = mode === "observe" ? await fatesOfAddresses(null, accountId, null, rules, now) : null;
    return {
      mode,
      rules,
      forecast: observed && (await forecastView(accountId, observed, now)),
      rejections: mode === "enforce" ? await readRejections(accountId, now) : null,
      current: currentAddress(actor, rules),
      mayChange: can(actor.role, "address.change"),
    };
  },
});

/**
 * Who would be rejected if the list were enforced now, or if an entry were taken off it; null while taking one off rejects
 * nobody, since the list does not.
 *
 * `ruleId` is the entry that would be taken off; null: none, the list would be enforced.
 *
 * @throws Refusal `not_found`
 */
export const forecastAddresses = readUseCase({
  permission: "address.read",
  input: z.object({ ruleId: z.string().nullable() }),
  run: async (actor, { ruleId }): Promise<Consequence | null> => {
    authorize(actor, "caller.read");
    const { accountId } = actor;
    const now = new Date();
    const { rules, addressMode: mode } = await readAccountFacts(accountId);
    const rule = ruleId === null ? null : findRule(rules, ruleId);
    if (rule && mode !== "enforce") return null;
    const rest = rules.filter((each) => each !== rule);
    const fates = await fatesOfAddresses(null, accountId, rule && rules, rest, now);
    return readConsequence(accountId, "addresses", fates, now);
  },
});
