import { z } from "zod";
import type { StoredInstance } from "@/lib/db/transaction";
import { type AddressMode, type AddressStep, afterStep } from "@/lib/domain/address-mode";
import type { AuditAction } from "@/lib/domain/audit-event";
import type { RulesChange } from "@/lib/domain/consequence";
import {
  type EndpointKind,
  mostEndpointRules,
  packEndpointRules,
  readEndpointRule,
  ruleMethods,
} from "@/lib/domain/endpoint-rule";
import {
  afterEndpointChange,
  type EndpointChange,
  type EndpointSettings,
  enforcedRules,
  mayRejectMore,
} from "@/lib/domain/endpoint-settings";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { fatesOfEndpoints } from "../callers/calls";
import { type Consent, requireNameToBreak } from "../callers/consequence";
import { findInstance, instanceEvent } from "../instances/find";
import { consent, refuse } from "../parse";
import { type Change, changeUseCase } from "../use-case";

type Named = Pick<StoredInstance, "id" | "name" | "label">;

/** The rules of an instance. */
export function settingsOf({
  endpointMode,
  endpointKind,
  endpointRules,
}: Pick<StoredInstance, "endpointMode" | "endpointKind" | "endpointRules">): EndpointSettings {
  return { mode: endpointMode, kind: endpointKind, rules: endpointRules };
}

/** What would count instead of what counts now; null when that rejects nobody more. */
export function rulesChange(
  before: EndpointSettings,
  after: EndpointSettings,
  { label }: Pick<Named, "label">,
): RulesChange | null {
  if (!mayRejectMore(before, after)) return null;
  return { before: enforcedRules(before), after: packEndpointRules(after.kind, after.rules), label };
}

/**
 * Guards what takes endpoints from callers: the instance's name has to be typed when somebody would be rejected, or may be, as
 * callers are at this moment.
 *
 * @throws Refusal `invalid` (confirmation: required, name_mismatch, callers_changed)
 */
async function guard(
  { tx, account }: Change,
  instance: Named,
  change: RulesChange | null,
  given: Consent,
): Promise<void> {
  if (change === null) return;
  const fates = await fatesOfEndpoints(account.id, instance.id, change, new Date(), tx);
  requireNameToBreak(fates, instance, given);
}

async function store({ tx, account }: Change, instance: Named, settings: EndpointSettings): Promise<void> {
  const { mode: endpointMode, kind: endpointKind, rules } = settings;
  await tx.instance.update({
    where: { id: instance.id, accountId: account.id },
    data: { endpointMode, endpointKind, endpointRules: [...rules] },
  });
}

const ruleSchema = z
  .object({ method: z.string(), path: z.string() })
  .transform(({ method, path }, context) => {
    const rule = ruleMethods.includes(method) ? readEndpointRule(method, path) : null;
    if (path.trim() === "") refuse(context, "required", undefined, ["path"]);
    else if (rule === null) refuse(context, "endpoint_invalid", undefined, ["path"]);
    return rule ?? "";
  });

/** A change of the rules, as it is asked for: rules to add, one to take away, or what all of them say. */
export const endpointChangeSchema = z.discriminatedUnion("what", [
  z.object({ what: z.literal("add"), rules: z.array(ruleSchema).min(1).max(mostEndpointRules) }),
  z.object({ what: z.literal("remove"), rule: z.string() }),
  z.object({ what: z.literal("kind"), kind: z.enum(["except", "only"]) }),
]);

function eventOf(instance: Named, change: EndpointChange, before: EndpointSettings, after: EndpointSettings) {
  switch (change.what) {
    case "add": {
      const added = after.rules.filter((rule) => !before.rules.includes(rule));
      const [first = ""] = added;
      return instanceEvent("endpoint.added", instance, { rule: first, count: added.length });
    }
    case "remove":
      return instanceEvent("endpoint.removed", instance, { rule: change.rule });
    case "kind":
      return instanceEvent("endpoint.kind_changed", instance, { to: change.kind satisfies EndpointKind });
  }
}

/**
 * Adds endpoint rules to an instance, takes one away, or turns what they say. `confirmation` is the instance's name: required
 * when they are enforced and a caller would newly be rejected, or may be.
 *
 * @throws Refusal `not_found`, or `invalid` (change.rules.2.path: required, endpoint_invalid; path: endpoint_listed,
 *   endpoints_too_many; rule: endpoint_last; confirmation: required, name_mismatch, callers_changed)
 */
export const changeEndpointRules = changeUseCase({
  permission: "endpoint.change",
  altersDecision: true,
  input: z.object({ instanceId: z.string(), change: endpointChangeSchema, ...consent }),
  run: async (context, { instanceId, change, confirmation: typed, named }) => {
    const instance = await findInstance(context.tx, context.account.id, instanceId);
    const before = settingsOf(instance);
    if (change.what === "kind" && change.kind === before.kind) return { result: undefined, event: null };
    const after = afterEndpointChange(before, change);
    await guard(context, instance, rulesChange(before, after, instance), { typed, named });
    await store(context, instance, after);
    const event = eventOf(instance, change, before, after);
    return { result: undefined, event, alters: enforcedRules(before) !== enforcedRules(after) };
  },
});

const events: Readonly<Record<AddressStep, AuditAction>> = {
  observe: "endpoint.observed",
  enforce: "endpoint.enforced",
  stop_enforcing: "endpoint.released",
  stop_observing: "endpoint.ended",
};

/**
 * One step of the ladder: watching which callers the rules would reject, rejecting, and back. Rules that name nothing are
 * never enforced. `confirmation` is the instance's name: required when enforcing would reject a caller, or may.
 *
 * @throws Refusal `not_found`, `conflict` where there is no such step from here, or `invalid` (rules: endpoints_none;
 *   confirmation: required, name_mismatch, callers_changed)
 */
export const stepEndpointRules = changeUseCase({
  permission: "endpoint.change",
  altersDecision: true,
  input: z.object({
    instanceId: z.string(),
    step: z.enum(["observe", "enforce", "stop_enforcing", "stop_observing"]),
    ...consent,
  }),
  run: async (context, { instanceId, step, confirmation: typed, named }) => {
    const instance = await findInstance(context.tx, context.account.id, instanceId);
    const before = settingsOf(instance);
    const mode: AddressMode | null = afterStep(before.mode, step);
    if (mode === null) throw new Refusal("conflict");
    const after = { ...before, mode };
    if (step === "enforce" && after.rules.length === 0) throw invalidField("rules", "endpoints_none");
    await guard(context, instance, rulesChange(before, after, instance), { typed, named });
    await store(context, instance, after);
    const event = instanceEvent(events[step], instance, { count: after.rules.length });
    return { result: { mode }, event, alters: enforcedRules(before) !== enforcedRules(after) };
  },
});
