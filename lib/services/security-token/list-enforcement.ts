import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { covers } from "@/lib/domain/enforcement";
import type { EnforcementPage } from "@/lib/domain/instance-enforcement";
import { authorize } from "../authorize";
import { listInstances } from "../instances/list";

/**
 * One page of the account's instances with whether the token is demanded on each; searched and ordered as
 * the instance list.
 *
 * @throws Refusal `forbidden`
 */
export async function listEnforcement(
  actor: Actor,
  input: { search?: string | undefined; page?: number | undefined } = {},
): Promise<EnforcementPage> {
  authorize(actor, "token.read");
  const { items, matching, page, pageCount } = await listInstances(actor, input);
  const { accountId } = actor;
  const ids = items.map(({ id }) => id);
  const [{ enforcement }, chosen] = await Promise.all([
    db.account.findUniqueOrThrow({ where: { id: accountId }, select: { enforcement: true } }),
    db.instance.findMany({ where: { accountId, id: { in: ids }, enforced: true }, select: { id: true } }),
  ]);
  const own = new Set(chosen.map(({ id }) => id));
  const rows = items.map(({ id, name, paused }) => ({
    id,
    name,
    paused,
    enforced: covers(enforcement, own.has(id)),
  }));
  return { items: rows, matching, page, pageCount };
}
