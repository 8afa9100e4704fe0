import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import { db } from "@/lib/db/client";
import { readInstancePage } from "@/lib/db/instances";
import { readSeenInstances } from "@/lib/db/traffic";
import type { Person } from "@/lib/domain/actor";
import { protectionOf } from "@/lib/domain/enforcement";
import {
  type InstanceDetail,
  type InstanceListView,
  type InstancePage,
  instancesPerPage,
} from "@/lib/domain/instance";
import type { OwnAccount } from "@/lib/domain/membership";
import type { WrittenRoute } from "@/lib/domain/preset";
import { shownName } from "@/lib/domain/seen-text";
import { instanceIdPattern } from "@/lib/domain/token-format";
import { lastDay, trafficSince } from "@/lib/domain/traffic";
import { judgeCallers, readinessOf } from "../callers/judge";
import { lenient, searchSchema } from "../parse";
import { readSecurityToken } from "../security-token/token";
import { findService } from "../services/change";
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
    const headerNames = openHeaders(`instance:${instance.id}`, instance.headersSealed).map(([name]) => name);
    const { id, name, pausedAt, enforced, createdAt, updatedAt, firstByteSeconds, label } = instance;
    const [service, own] = await Promise.all([
      instance.serviceId === null ? null : serviceShown({ accountId }, instance.serviceId),
      hostNamesOf({ accountId, instanceId: id }),
    ]);
    const upstreamUrl = service ? service.upstreamUrl : instance.upstreamUrl;
    const calledId = instance.givenId ?? id;
    const summary = {
      id,
      calledId,
      name: shownName(name),
      upstreamUrl,
      paused: pausedAt !== null,
      createdAt,
    };
    const naming = { service: service?.shown ?? null, label, hosts: own };
    const answerStyle = instance.serviceId === null ? instance.answerStyle : null;
    return { ...summary, enforced, headerNames, firstByteSeconds, ...naming, answerStyle, updatedAt };
  },
});

async function hostNamesOf(where: {
  readonly accountId: string;
  readonly instanceId?: string;
  readonly serviceId?: string;
}): Promise<readonly string[]> {
  const found = await db.hostName.findMany({ where, orderBy: { name: "asc" } });
  return found.map(({ name }) => name);
}

/** The service that an instance is called through, as its page shows it. */
async function serviceShown({ accountId }: { readonly accountId: string }, serviceId: string) {
  const [service, hosts] = await Promise.all([
    findService(db, accountId, serviceId),
    hostNamesOf({ accountId, serviceId }),
  ]);
  const { id, name, preset, upstreamUrl } = service;
  const routes = service.routes as unknown as WrittenRoute[];
  return { upstreamUrl, shown: { id, name: shownName(name), preset, hosts, routes } };
}

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

const pageSchema = z.object({
  search: searchSchema,
  page: lenient(z.number().int().min(1).max(1_000_000).catch(1)),
});

/**
 * One page of the account's instances, newest first. `search` looks in name, id, name within its service and
 * upstream URL, in any case. Both come from the address bar: what makes no sense there means everything, from the first page. A page after
 * the last one means the last one.
 *
 * @throws Refusal `forbidden`
 */
export const listInstances = readUseCase({
  permission: "instance.read",
  input: pageSchema,
  run: async ({ accountId }, asked): Promise<InstancePage> => {
    const found = await readInstancePage(accountId, { ...asked, take: instancesPerPage });
    const { total, matching, page } = found;
    const items = found.items.map(({ name, ...rest }) => ({ ...rest, name: shownName(name) }));
    return { items, matching, total, page, pageCount: Math.max(1, Math.ceil(matching / instancesPerPage)) };
  },
});

/**
 * The same page with what the list shows of each: whether the token is enforced on it, how its callers are, judged as the
 * Security page does, and its last day. A second may pass until a gate has written down what it saw.
 *
 * @throws Refusal `forbidden`
 */
export const readInstanceList = readUseCase({
  permission: "instance.read",
  input: pageSchema,
  run: async (actor, asked): Promise<InstanceListView> => {
    const { accountId } = actor;
    const now = new Date();
    const [list, token, { pausedInstances }] = await Promise.all([
      listInstances(actor, asked),
      readSecurityToken(actor),
      readAccountFacts(accountId),
    ]);
    const ids = list.items.map(({ id }) => id);
    const [seen, found] = await Promise.all([
      readSeenInstances(accountId, ids, trafficSince("day", now)),
      judgeCallers(accountId, now, null, ids),
    ]);
    const readiness = found && readinessOf(found);
    const items = list.items.map(({ enforced, ...summary }) => {
      const { lastCallAt = null, callers = 0, hours = [] } = seen.get(summary.id) ?? {};
      return {
        ...summary,
        protection: protectionOf(token.status, enforced),
        callers,
        readiness: readiness?.get(summary.id) ?? null,
        lastCallAt,
        lastDay: lastDay(hours, now),
      };
    });
    return { ...list, items, token, pausedInstances };
  },
});
