import { notFound } from "next/navigation";
import { getTimeZone } from "next-intl/server";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { TrafficView } from "@/lib/domain/traffic";
import { readTraffic } from "@/lib/services/traffic/traffic";

/** The traffic of an instance or of the account, with days as the reader's calendar has them. */
export async function loadTraffic(
  actor: Actor,
  query: { instanceId?: string; range?: string | string[] | undefined } = {},
): Promise<TrafficView> {
  const { range, ...of } = query;
  const timeZone = await getTimeZone();
  try {
    return await readTraffic(actor, {
      ...of,
      timeZone,
      range: typeof range === "string" ? range : undefined,
    });
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") notFound();
    throw error;
  }
}
