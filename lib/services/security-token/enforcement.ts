import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import { readInstancePage } from "@/lib/db/instances";
import type { Transaction } from "@/lib/db/transaction";
import {
  afterSwitch,
  type Enforcement,
  type EnforcementPage,
  isEnforced,
  isReady,
  switchesPerPage,
} from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import { shownName } from "@/lib/domain/seen-text";
import { fatesOfActivating, requireNameToBreak } from "../callers/consequence";
import { judgeCallers, readinessOf } from "../callers/judge";
import { findInstance, instanceEvent } from "../instances/find";
import { consent, searchSchema } from "../parse";
import { authorize, readUseCase } from "../use-case";
import { tokenAsSeen } from "./configure";
import { forgetKnownCallers, notArmed, tokenEvent, tokenUseCase, tokenView } from "./token";

/** One page of the account's instances with whether each is enforced; searched and ordered as the instance list. */
export const listEnforcement = readUseCase({
  permission: "token.read",
  input: z.object({ search: searchSchema, page: z.number().optional() }),
  run: async (actor, { search, page: asked = 1 }): Promise<EnforcementPage> => {
    authorize(actor, "instance.read");
    const { accountId } = actor;
    const [{ items, matching, page }, { enforcement }] = await Promise.all([
      readInstancePage(accountId, { search, page: asked, take: switchesPerPage }),
      readAccountFacts(accountId),
    ]);
    const rows = items.map(({ id, name, paused, enforced }) => ({
      id,
      name: shownName(name),
      paused,
      enforced: isEnforced(enforcement, enforced),
    }));
    return { items: rows, matching, page, pageCount: Math.max(1, Math.ceil(matching / switchesPerPage)) };
  },
});

/**
 * Enforces every instance from now on. Callers are judged at this moment, under the account's lock, whatever a page
 * showed.
 *
 * `confirmation` is the account's name: required when a caller that gets through now would be rejected, or may be,
 * since it was not heard since the token changed.
 *
 * @throws Refusal `conflict` when there is no token, it is active already or has become another one, or `invalid`
 *   (confirmation: required, name_mismatch, callers_changed)
 */
export const activateSecurityToken = tokenUseCase({
  step: "activate",
  input: tokenAsSeen.extend(consent),
  run: async ({ tx, account, current }, { tokenId, confirmation: typed, named }) => {
    const found = await judgeCallers(account.id, new Date(), tx);
    if (current?.id !== tokenId || !found) throw new Refusal("conflict");
    requireNameToBreak(fatesOfActivating(found), account, { typed, named });
    await enforceEverywhere(tx, account.id);
    const result = await tokenView(tx, account.id);
    return { result, event: tokenEvent("token.activated", current, { instances: result.totalInstances }) };
  },
});

/**
 * Enforces every instance none of whose callers would or may be rejected, as they are judged at this moment, under the
 * account's lock, and leaves the others open. Instances that are enforced already stay so.
 *
 * @throws Refusal `conflict` when there is no such instance, the token is active everywhere or has become another one
 */
export const activateOnReadyInstances = tokenUseCase({
  step: "activate",
  input: tokenAsSeen,
  run: async ({ tx, account, current }, { tokenId }) => {
    const found = await judgeCallers(account.id, new Date(), tx);
    if (current?.id !== tokenId || !found) throw new Refusal("conflict");
    const unready = [...readinessOf(found)].filter(([, readiness]) => !isReady(readiness));
    const { count } = await tx.instance.updateMany({
      where: { accountId: account.id, enforced: false, id: { notIn: unready.map(([id]) => id) } },
      data: { enforced: true },
    });
    if (count === 0) throw new Refusal("conflict");
    const enforcement = account.enforcement === "grace" ? "grace" : "staged";
    await tx.account.update({ where: { id: account.id }, data: { enforcement } });
    const result = await tokenView(tx, account.id);
    const event = tokenEvent("token.activated_on_ready", current, {
      count: result.enforcedInstances,
      instances: result.totalInstances,
    });
    return { result, event };
  },
});

/**
 * Enforces nothing any more; the token stays configured, and is disarmed. Which instances were chosen is forgotten: otherwise the first
 * switch turned on later would bring all of them back.
 *
 * @throws Refusal `conflict` when it is not active
 */
export const deactivateSecurityToken = tokenUseCase({
  step: "deactivate",
  run: async ({ tx, account, current }) => {
    await tx.account.update({ where: { id: account.id }, data: { enforcement: "off", ...notArmed } });
    await forgetChosen(tx, account.id);
    const result = await tokenView(tx, account.id);
    return { result, event: tokenEvent("token.deactivated", current, { instances: result.totalInstances }) };
  },
});

/**
 * Enforces one instance, or no longer. An instance that is so already stays so, and nothing is recorded. The first one
 * on makes a disabled token staged, the last one off disables it, and one off while the token is active leaves it on
 * exactly the others. One off disarms the token too: otherwise that instance would be enforced again by itself,
 * whatever it was switched off for.
 *
 * `confirmation` is the account's name: required when enforcing would reject a caller of this instance that gets
 * through now, or may. Callers are judged at this moment, under the account's lock, whatever a page showed.
 *
 * @throws Refusal `not_found`, `conflict` when there is no token, or `invalid` (confirmation: required, name_mismatch, callers_changed)
 */
export const setInstanceEnforcement = tokenUseCase({
  step: ({ enforced }) => (enforced ? "enforce" : "release"),
  input: z.object({ instanceId: z.string(), enforced: z.boolean(), ...consent }),
  run: async ({ tx, account }, { instanceId, enforced, confirmation: typed, named }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if (isEnforced(account.enforcement, instance.enforced) === enforced) {
      return { result: await tokenView(tx, account.id), event: null };
    }
    const found = enforced ? await judgeCallers(account.id, new Date(), tx, [instance.id]) : null;
    if (found) requireNameToBreak(fatesOfActivating(found, instance.id), account, { typed, named });
    const others = await countOthers(tx, account, instance.id);
    const { enforcement, keepOthers } = afterSwitch(account.enforcement, enforced, others);
    if (enforcement === "off") await forgetChosen(tx, account.id);
    if (keepOthers)
      await tx.instance.updateMany({ where: { accountId: account.id }, data: { enforced: true } });
    await tx.instance.update({ where: { id: instance.id, accountId: account.id }, data: { enforced } });
    const data = { enforcement, ...(!enforced && notArmed) };
    await tx.account.update({ where: { id: account.id }, data });
    const result = await tokenView(tx, account.id);
    const event = instanceEvent(enforced ? "token.enforced_on" : "token.released_on", instance, {
      count: result.enforcedInstances,
      instances: result.totalInstances,
    });
    return { result, event };
  },
});

/** Enforces the token on every instance, those to come too. Then there is nothing left to wait for, and nobody is known. */
export async function enforceEverywhere(tx: Transaction, accountId: string): Promise<void> {
  await tx.account.update({ where: { id: accountId }, data: { enforcement: "on", ...notArmed } });
  await forgetKnownCallers(tx, accountId);
}

/** Forgets which instances were chosen one by one. */
async function forgetChosen(tx: Transaction, accountId: string): Promise<void> {
  await tx.instance.updateMany({ where: { accountId, enforced: true }, data: { enforced: false } });
}

/** How many of the other instances are enforced now. */
async function countOthers(
  tx: Pick<Transaction, "instance">,
  account: { readonly id: string; readonly enforcement: Enforcement },
  instanceId: string,
): Promise<number> {
  const others = { accountId: account.id, id: { not: instanceId } };
  if (account.enforcement === "off") return 0;
  return tx.instance.count({ where: account.enforcement === "on" ? others : { ...others, enforced: true } });
}
