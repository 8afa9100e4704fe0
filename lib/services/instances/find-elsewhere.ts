import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Person } from "@/lib/domain/actor";
import type { OwnAccount } from "@/lib/domain/own-account";

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
