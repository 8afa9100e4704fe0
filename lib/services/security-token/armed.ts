import { z } from "zod";
import { announceToPages } from "@/lib/db/account-events";
import { readAccountFacts } from "@/lib/db/account-facts";
import { db } from "@/lib/db/client";
import { type ArmedView, armedInstances, holdSeconds, mostDaysToAsk } from "@/lib/domain/armed";
import { Refusal } from "@/lib/domain/errors";
import { shownName } from "@/lib/domain/seen-text";
import { judgeCallers, notYetDemanded, withExpectations } from "../callers/judge";
import { refuse } from "../parse";
import { tokenAsSeen } from "./configure";
import { notArmed, restartHold, tokenEvent, tokenUseCase, tokenView } from "./token";

const dayMs = 24 * 3600 * 1000;

const askAtSchema = z
  .date()
  .nullable()
  .default(null)
  .superRefine((at, context) => {
    const now = Date.now();
    if (at === null) return;
    if (at.getTime() <= now || at.getTime() > now + mostDaysToAsk * dayMs) refuse(context, "choice_invalid");
  });

/**
 * Has each instance enforced by itself as soon as all its callers have been ready for the hold time. Rejects nobody now.
 * An armed token stays armed since then, with another hold time and another date.
 *
 * `askAt`: when the owners are asked whether to go on waiting; null: never.
 *
 * @throws Refusal `invalid` (holdSeconds, askAt), or `conflict`: there is no instance that could be enforced, or the
 *   token is active everywhere or another one by now
 */
export const armSecurityToken = tokenUseCase({
  step: "arm",
  altersDecision: false,
  input: tokenAsSeen.extend({
    holdSeconds: z.int().min(holdSeconds.least).max(holdSeconds.most).default(holdSeconds.usual),
    askAt: askAtSchema,
  }),
  run: async ({ tx, account, actor, current }, { tokenId, holdSeconds, askAt }) => {
    const { armedAt } = await tx.account.findUniqueOrThrow({ where: { id: account.id } });
    const open = await tx.instance.count({ where: { accountId: account.id, enforced: false } });
    if (current?.id !== tokenId || open === 0) throw new Refusal("conflict");
    if (armedAt === null) await restartHold(tx, account.id);
    const data = { armedAt: armedAt ?? new Date(), armedBy: actor.email, holdSeconds, askAt, askedAt: null };
    await tx.account.update({ where: { id: account.id }, data });
    await announceToPages(tx, account.id);
    const details = { holdSeconds, ...(askAt && { askAt: askAt.toISOString() }) };
    return {
      result: await tokenView(tx, account.id),
      event: tokenEvent("token.armed", current, details),
    };
  },
});

/**
 * No longer enforces instances by itself. What is enforced stays so.
 *
 * @throws Refusal `conflict` when the token is not armed
 */
export const disarmSecurityToken = tokenUseCase({
  step: "disarm",
  altersDecision: false,
  run: async ({ tx, account, current }) => {
    const { count } = await tx.account.updateMany({
      where: { id: account.id, armedAt: { not: null } },
      data: notArmed,
    });
    if (count === 0) throw new Refusal("conflict");
    await announceToPages(tx, account.id);
    return { result: await tokenView(tx, account.id), event: tokenEvent("token.disarmed", current) };
  },
});

/** Instances that a page shows; the rest is counted. */
const shown = 50;

/** What *Activate when ready* waits for; null unless the token is armed. Says nothing about who may know. */
export async function readArmed(accountId: string): Promise<ArmedView | null> {
  const now = new Date();
  const { armedAt, armedBy, holdSeconds, askAt } = await readAccountFacts(accountId);
  const found = armedAt && (await judgeCallers(accountId, now));
  if (!armedAt || !found) return null;
  const [expected, open] = await Promise.all([
    withExpectations(accountId, found, now),
    db.instance.findMany({
      where: { accountId, enforced: false },
      orderBy: [{ createdAt: "desc" }, { id: "asc" }],
      select: { id: true, name: true, readySince: true },
    }),
  ]);
  const named = open.map(({ name, ...rest }) => ({ ...rest, name: shownName(name) }));
  const instances = armedInstances(named, notYetDemanded(expected), { armedAt, holdSeconds }, now);
  const asked = askAt !== null && askAt <= now;
  return {
    since: armedAt,
    by: armedBy ?? "",
    holdSeconds,
    askAt: asked ? null : askAt,
    asked,
    instances: instances.slice(0, shown),
    more: Math.max(0, instances.length - shown),
  };
}
