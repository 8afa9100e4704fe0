import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor, Person } from "@/lib/domain/actor";
import {
  type InstanceDetail,
  type InstancePage,
  type InstanceSummary,
  instancesPerPage,
} from "@/lib/domain/instance";
import type { OwnAccount } from "@/lib/domain/membership";
import { shownName } from "@/lib/domain/seen-text";
import { authorize } from "../authorize";
import { parse, searchSchema } from "../parse";
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

/** Makes the shown form of a stored row. */
function toSummary(row: Omit<InstanceSummary, "paused"> & { pausedAt: Date | null }): InstanceSummary {
  const { id, name, upstreamUrl, pausedAt, createdAt } = row;
  return { id, name: shownName(name), upstreamUrl, paused: pausedAt !== null, createdAt };
}

const idSchema = z.string().regex(/^[0-9A-Za-z]{1,40}$/);

/**
 * In which of the person's accounts an instance is, for a link that was opened in another one. null when
 * there is no such instance, or the person is no member there: both look the same.
 */
export async function findInstanceElsewhere(
  { userId }: Pick<Person, "userId">,
  { instanceId }: { instanceId: string },
): Promise<OwnAccount | null> {
  if (!idSchema.safeParse(instanceId).success) return null;
  const membership = await db.membership.findFirst({
    where: { userId, account: { instances: { some: { id: instanceId } } } },
    select: { role: true, account: { select: { id: true, name: true } } },
  });
  return membership && { ...membership.account, role: membership.role };
}

const schema = z.object({ instanceId: z.string() });

/**
 * One instance, without its secrets.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export async function readInstance(actor: Actor, input: { instanceId: string }): Promise<InstanceDetail> {
  authorize(actor, "instance.read");
  const { instanceId } = parse(schema, input);
  const instance = await findInstance(db, actor.accountId, instanceId);
  const headerNames = openHeaders(instance.id, instance.headersSealed).map(([name]) => name);
  const { firstByteSeconds, updatedAt } = instance;
  return { ...toSummary(instance), headerNames, firstByteSeconds, updatedAt };
}

/** Both come from the address bar: what makes no sense there means everything, from the first page. */
const listSchema = z.object({
  search: searchSchema,
  page: z.number().int().min(1).max(1_000_000).catch(1),
});

/** `%`, `_` and `\` mean themselves in a search. */
const literally = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

function matching(accountId: string, search: string) {
  if (search === "") return { accountId };
  const contains = { contains: literally(search), mode: "insensitive" } as const;
  return { accountId, OR: [{ name: contains }, { id: contains }, { upstreamUrl: contains }] };
}

/**
 * One page of the account's instances, newest first. `search` looks in name, id and upstream URL, in any
 * case. A page after the last one means the last one.
 *
 * @throws Refusal `forbidden`
 */
export async function listInstances(
  actor: Actor,
  input: { search?: string | undefined; page?: number | undefined } = {},
): Promise<InstancePage> {
  authorize(actor, "instance.read");
  const { search, page: wanted } = parse(listSchema, input);
  const where = matching(actor.accountId, search);
  const [found, total] = await Promise.all([
    db.instance.count({ where }),
    db.instance.count({ where: { accountId: actor.accountId } }),
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
}
