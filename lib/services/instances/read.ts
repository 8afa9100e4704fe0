import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { InstanceDetail } from "@/lib/domain/instance";
import { authorize } from "../authorize";
import { parse } from "../parse";
import { findInstance } from "./find";
import { openHeaders } from "./sealed-headers";
import { toSummary } from "./summary";

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
