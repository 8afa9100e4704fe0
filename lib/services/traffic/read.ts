import { z } from "zod";
import { db } from "@/lib/db/client";
import { readTrafficHours } from "@/lib/db/traffic";
import type { Actor } from "@/lib/domain/actor";
import { type TrafficView, trafficRanges, trafficSince, trafficView } from "@/lib/domain/traffic";
import { authorize } from "../authorize";
import { findInstance } from "../instances/find";
import { parse } from "../parse";

/** Whose days are counted. It comes from a cookie: what Intl does not know means UTC. */
export const timeZoneSchema = z.string().max(64).refine(isTimeZone).catch("UTC");

/** Range and time zone come from the address bar and a cookie: what makes no sense there means the default. */
const schema = z.object({
  instanceId: z.string().optional(),
  range: z.enum(trafficRanges).catch("day"),
  timeZone: timeZoneSchema,
});

/** What traffic is asked for. */
interface TrafficQuery {
  /** Left out: all instances of the account. */
  readonly instanceId?: string;
  readonly range?: string | undefined;
  /** Whose days are counted; UTC unless given. */
  readonly timeZone?: string;
}

/**
 * Requests accepted and rejected, by hour or day, of one instance or of the whole account. A second may pass
 * until a gate has written down what it saw.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export async function readTraffic(actor: Actor, input: TrafficQuery = {}): Promise<TrafficView> {
  authorize(actor, "instance.read");
  const { instanceId, range, timeZone } = parse(schema, input);
  if (instanceId !== undefined) await findInstance(db, actor.accountId, instanceId);
  const now = new Date();
  const rows = await readTrafficHours(actor.accountId, trafficSince(range, now), instanceId);
  return trafficView(rows, range, now, timeZone);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
