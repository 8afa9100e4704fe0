import { z } from "zod";
import { db } from "@/lib/db/client";
import { readInstancePage } from "@/lib/db/instances";
import type { Person } from "@/lib/domain/actor";
import { type InstanceDetail, type InstancePage, instancesPerPage } from "@/lib/domain/instance";
import type { OwnAccount } from "@/lib/domain/membership";
import { shownName } from "@/lib/domain/seen-text";
import { instanceIdPattern } from "@/lib/domain/token-format";
import { lenient, searchSchema } from "../parse";
import { readUseCase } from "../use-case";
import { findInstance } from "./find";
import { openHeaders } from "./upstream";

/**
 * One instance, without its secrets.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export const readInstance = readUseCase({
  permission: "instance.read",
  input: z.object({ instanceId: z.string() }),
  run: async ({ accountId }, { instanceId }): Promise<InstanceDetail> => {
    const instance = await findInstance(db, accountId, instanceId);
    const headerNames = openHeaders(instance.id, instance.headersSealed).map(([name]) => name);
    const { id, name, upstreamUrl, pausedAt, createdAt, updatedAt, firstByteSeconds } = instance;
    const summary = { id, name: shownName(name), upstreamUrl, paused: pausedAt !== null, createdAt };
    return { ...summary, headerNames, firstByteSeconds, updatedAt };
  },
});

/**
 * In which of the person's accounts an instance is, for a link that was opened in another one. null when
 * there is no such instance, or the person is no member there: both look the same.
 */
export async function findInstanceElsewhere(
  { userId }: Pick<Person, "userId">,
  { instanceId }: { instanceId: string },
): Promise<OwnAccount | null> {
  if (!instanceIdPattern.test(instanceId)) return null;
  const membership = await db.membership.findFirst({
    where: { userId, account: { instances: { some: { id: instanceId } } } },
    select: { role: true, account: { select: { id: true, name: true } } },
  });
  return membership && { ...membership.account, role: membership.role };
}

/**
 * One page of the account's instances, newest first. `search` looks in name, id and upstream URL, in any
 * case. Both come from the address bar: what makes no sense there means everything, from the first page. A page after
 * the last one means the last one.
 *
 * @throws Refusal `forbidden`
 */
export const listInstances = readUseCase({
  permission: "instance.read",
  input: z.object({
    search: searchSchema,
    page: lenient(z.number().int().min(1).max(1_000_000).catch(1)),
  }),
  run: async ({ accountId }, asked): Promise<InstancePage> => {
    const found = await readInstancePage(accountId, { ...asked, take: instancesPerPage });
    const { total, matching, page } = found;
    const items = found.items.map(({ name, ...rest }) => ({ ...rest, name: shownName(name) }));
    return { items, matching, total, page, pageCount: Math.max(1, Math.ceil(matching / instancesPerPage)) };
  },
});
