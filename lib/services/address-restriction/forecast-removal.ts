import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { AddressForecastView } from "@/lib/domain/address-view";
import { authorize } from "../authorize";
import { parse } from "../parse";
import { findRule, storedRules } from "./change-addresses";
import { forecastView } from "./forecast-view";
import { forecastLockOut } from "./lock-out";

const schema = z.object({ ruleId: z.string() });

/**
 * Who would be rejected if an entry were taken off the list now; null while the list rejects nobody.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export async function forecastRemoval(
  actor: Actor,
  input: { ruleId: string },
): Promise<AddressForecastView | null> {
  authorize(actor, "address.read");
  const { ruleId } = parse(schema, input);
  const { accountId } = actor;
  const [rules, { addressMode }] = await Promise.all([
    storedRules(db, accountId),
    db.account.findUniqueOrThrow({ where: { id: accountId }, select: { addressMode: true } }),
  ]);
  const rule = findRule(rules, ruleId);
  if (addressMode !== "enforce") return null;
  const rest = rules.filter(({ id }) => id !== rule.id);
  return forecastView(accountId, await forecastLockOut(db, accountId, rules, rest), new Date());
}
