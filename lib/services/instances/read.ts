import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Person } from "@/lib/domain/actor";
import {
  type InstanceDetail,
  type InstancePage,
  type InstanceSummary,
  instancesPerPage,
} from "@/lib/domain/instance";
import type { OwnAccount } from "@/lib/domain/membership";
import { shownName } from "@/lib/domain/seen-text";
import { instanceIdPattern } from "@/lib/domain/token-format";
import { lenient, searchSchema } from "../parse";
import { readUseCase } from "../use-case";
import { findInstance } from "./find";
import { openHeaders } from "./upstream";

/** The columns a summary is made from: none of the secrets. */
const summaryColumns = {
  id: true,
  name: true,
  upstreamUrl: true,
  pausedAt: true,
  createdAt: true,
} as const;

function toSummary(row: Omit<InstanceSummary, "paused"> & { pausedAt: Date | null }): InstanceSummary {
  const { id, name, upstreamUrl, pausedAt, createdAt } = row;
  return { id, name: shownName(name), upstreamUrl, paused: pausedAt !== null, createdAt };
}

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
    const { firstByteSeconds, updatedAt } = instance;
    return { ...toSummary(instance), headerNames, firstByteSeconds, updatedAt };
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

/** `%`, `_` and `\` mean themselves in a search. */
const literally = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

function matching(accountId: string, search: string) {
  if (search === "") return { accountId };
  const contains = { contains: literally(search), mode: "insensitive" } as const;
  return { accountId, OR: [{ name: contains }, { id: contains }, { upstreamUrl: contains }] };
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
  run: async ({ accountId }, { search, page: wanted }): Promise<InstancePage> => {
    const where = matching(accountId, search);
    const [found, total] = await Promise.all([
      db.instance.count({ where }),
      db.instance.count({ where: { accountId } }),
    ]);
    const pageCount = Math.max(1, Math.ceil(found / instancesPerPage));
    const page = Math.min(wanted, pageCount);
    const rows = await db.instance.findMany({
      where,
      orderBy: [{ createdAt: "desc" }, { id: "asc" }],
      skip: (page - 1) * instancesPerPage,
      take: instancesPerPage,
      select: summaryColumns,
    });
    return { items: rows.map(toSummary), matching: found, total, page, pageCount };
  },
});
