import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { type InstancePage, instancesPerPage } from "@/lib/domain/instance";
import { authorize } from "../authorize";
import { searchSchema } from "../name-schema";
import { parse } from "../parse";
import { summaryColumns, toSummary } from "./summary";

/** Both come from the address bar: what makes no sense there means everything, from the first page. */
const schema = z.object({
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
  const { search, page: wanted } = parse(schema, input);
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
