import { z } from "zod";
import { db } from "@/lib/db/client";
import type { StoredInstance } from "@/lib/db/transaction";
import type { Consequence } from "@/lib/domain/caller-view";
import { fateOfEndpoints, fatesOf, lostEndpoints } from "@/lib/domain/consequence";
import { endpointGroups } from "@/lib/domain/endpoint-group";
import { endpointRuleParts, packEndpointRules } from "@/lib/domain/endpoint-rule";
import { judgeSeen, type SeenEndpoint } from "@/lib/domain/endpoint-seen";
import { afterEndpointChange, type EndpointSettings } from "@/lib/domain/endpoint-settings";
import {
  type EndpointCallers,
  type EndpointCallerView,
  type EndpointRulesView,
  type EndpointRuleView,
  endpointCallersShown,
  endpointsNamed,
  type SeenEndpointView,
  seenEndpointsShown,
} from "@/lib/domain/endpoint-view";
import { can } from "@/lib/domain/permissions";
import { shownName } from "@/lib/domain/seen-text";
import { hourMs } from "@/lib/domain/traffic";
import { type Calling, fatesOfEndpoints, readCalls } from "../callers/calls";
import { readConsequence } from "../callers/consequence";
import { findInstance } from "../instances/find";
import { authorize, readUseCase } from "../use-case";
import { endpointChangeSchema, rulesChange, settingsOf } from "./rules";

const dayMs = 24 * hourMs;
const textOf = ({ method, path }: SeenEndpoint) => `${method} ${path}`;
const sum = (all: readonly SeenEndpoint[], count: (seen: SeenEndpoint) => number) =>
  all.reduce((total, seen) => total + count(seen), 0);

function callerView(
  { caller, calls }: Calling,
  endpoints: readonly SeenEndpoint[],
  requests: number,
): EndpointCallerView {
  const { id, name, agent, address, others, lastSeenAt } = caller;
  return {
    ...{ id, name, agent, address, others, lastSeenAt, requests },
    endpoints: endpoints.slice(0, endpointsNamed).map(textOf),
    moreEndpoints: Math.max(0, endpoints.length - endpointsNamed),
    unknown: calls.more,
  };
}

const shownOf = (all: readonly EndpointCallerView[], passing: number): EndpointCallers => ({
  callers: all.slice(0, endpointCallersShown),
  total: all.filter(({ others }) => !others).length,
  others: all.some(({ others }) => others),
  passing,
});

/** Whom enforcing would reject, or might. */
function forecastOf(
  calling: readonly Calling[],
  packed: string,
  label: string | null,
  now: Date,
): EndpointCallers {
  const change = { before: null, after: packed, label };
  const { rejected, maybe, untouched } = fatesOf(calling, ({ calls }) => fateOfEndpoints(calls, change, now));
  const all = [...rejected, ...maybe].map((each) => {
    const lost = lostEndpoints(each.calls, change).map(({ seen }) => seen);
    return callerView(
      each,
      lost,
      sum(lost, ({ accepted }) => accepted),
    );
  });
  return shownOf(all, untouched);
}

/** Who was rejected by the rules lately. */
function rejectionsOf(calling: readonly Calling[], now: Date): EndpointCallers {
  const isLate = ({ rejected, lastAt }: SeenEndpoint) =>
    rejected > 0 && now.getTime() - lastAt.getTime() <= dayMs;
  const all = calling.flatMap((each) => {
    const rejected = each.calls.endpoints.filter(isLate);
    if (rejected.length === 0) return [];
    return [
      callerView(
        each,
        rejected,
        sum(rejected, (seen) => seen.rejected),
      ),
    ];
  });
  return shownOf(all, calling.length - all.length);
}

/** The rules, each with the requests that it is about as far as they are remembered. */
function rulesOf(
  calling: readonly Calling[],
  { kind, mode, rules }: EndpointSettings,
  label: string | null,
): EndpointRuleView[] {
  const packed = packEndpointRules(kind, rules);
  const requests = rules.map(() => 0);
  const countsRejected = mode === "enforce" && kind === "except";
  for (const seen of calling.flatMap(({ calls }) => calls.endpoints)) {
    const { rule } = judgeSeen(packed, seen, label);
    if (rule !== null)
      requests[rule] = (requests[rule] ?? 0) + (countsRejected ? seen.rejected : seen.accepted);
  }
  return rules.map((rule, at) => ({ rule, ...endpointRuleParts(rule), requests: requests[at] ?? 0 }));
}

/** Endpoints of all callers, those called most first, and how many there are beyond those. */
function seenOf(
  calling: readonly Calling[],
  { kind, rules }: EndpointSettings,
  label: string | null,
): { seen: readonly SeenEndpointView[]; moreSeen: number } {
  const packed = packEndpointRules(kind, rules);
  const found = new Map<string, { -readonly [Key in keyof SeenEndpointView]: SeenEndpointView[Key] }>();
  for (const seen of calling.flatMap(({ calls }) => calls.endpoints)) {
    const { method, path, accepted, rejected } = seen;
    const known = found.get(textOf(seen));
    if (known) {
      known.callers++;
      known.requests += accepted + rejected;
      continue;
    }
    const verdict = rules.length === 0 ? "passes" : judgeSeen(packed, seen, label).verdict;
    found.set(textOf(seen), { method, path, callers: 1, requests: accepted + rejected, verdict });
  }
  const all = [...found.values()].sort((one, other) => other.requests - one.requests);
  const moreSeen = Math.max(0, all.length - seenEndpointsShown);
  return { seen: all.slice(0, seenEndpointsShown), moreSeen };
}

async function presetOf(accountId: string, { serviceId }: Pick<StoredInstance, "serviceId">) {
  if (serviceId === null) return null;
  const service = await db.service.findFirst({
    where: { id: serviceId, accountId },
    select: { preset: true },
  });
  return service?.preset ?? null;
}

/**
 * The endpoint rules of an instance, what they do, whom they would reject or have rejected, and which endpoints its callers
 * call. A second may pass until a gate has written down what it saw.
 *
 * @throws Refusal `not_found`
 */
export const readEndpointRules = readUseCase({
  permission: "instance.read",
  input: z.object({ instanceId: z.string() }),
  run: async (actor, { instanceId }): Promise<EndpointRulesView> => {
    authorize(actor, "caller.read");
    const { accountId } = actor;
    const now = new Date();
    const instance = await findInstance(db, accountId, instanceId);
    const { id, name, label } = instance;
    const [preset, calling] = await Promise.all([presetOf(accountId, instance), readCalls(accountId, [id])]);
    const settings = settingsOf(instance);
    const { mode, kind, rules } = settings;
    const observes = mode === "observe" && rules.length > 0;
    return {
      instanceId: id,
      name: shownName(name),
      mode,
      kind,
      rules: rulesOf(calling, settings, label),
      forecast: observes ? forecastOf(calling, packEndpointRules(kind, rules), label, now) : null,
      rejections: mode === "enforce" ? rejectionsOf(calling, now) : null,
      ...seenOf(calling, settings, label),
      groups: endpointGroups(preset),
      mayChange: can(actor.role, "endpoint.change"),
    };
  },
});

/**
 * Who would be rejected if the rules were enforced now, or by a change of them while they are; null when that rejects nobody
 * more than now.
 *
 * `change` null: the rules as they are would be enforced.
 *
 * @throws Refusal `not_found`, or `invalid` as the change itself would be
 */
export const forecastEndpoints = readUseCase({
  permission: "caller.read",
  input: z.object({ instanceId: z.string(), change: endpointChangeSchema.nullable() }),
  run: async ({ accountId }, { instanceId, change }): Promise<Consequence | null> => {
    const now = new Date();
    const instance = await findInstance(db, accountId, instanceId);
    const before = settingsOf(instance);
    const after: EndpointSettings =
      change === null ? { ...before, mode: "enforce" } : afterEndpointChange(before, change);
    const rules = rulesChange(before, after, instance);
    if (rules === null) return null;
    const fates = await fatesOfEndpoints(accountId, instance.id, rules, now);
    return readConsequence(accountId, "endpoints", fates, now);
  },
});
