import { z } from "zod";
import { db } from "@/lib/db/client";
import { readTrafficHours } from "@/lib/db/traffic";
import { type TrafficView, trafficRanges, trafficSince, trafficView } from "@/lib/domain/traffic";
import { findInstance } from "../instances/find";
import { lenient, timeZoneSchema } from "../parse";
import { readUseCase } from "../use-case";

/** How far back, from the address bar: what makes no sense there means a day. */
export const trafficRangeSchema = lenient(z.enum(trafficRanges).catch("day"));

/**
 * Requests accepted and rejected, by hour or day, of one instance or, without one, of the whole account. A second may
 * pass until a gate has written down what it saw.
 *
 * @throws Refusal `not_found`
 */
export const readTraffic = readUseCase({
  permission: "instance.read",
  input: z.object({
    instanceId: z.string().optional(),
    range: trafficRangeSchema,
    timeZone: timeZoneSchema,
  }),
  run: async ({ accountId }, { instanceId, range, timeZone }): Promise<TrafficView> => {
    if (instanceId !== undefined) await findInstance(db, accountId, instanceId);
    const now = new Date();
    const rows = await readTrafficHours(accountId, trafficSince(range, now), instanceId);
    return trafficView(rows, range, now, timeZone);
  },
});
