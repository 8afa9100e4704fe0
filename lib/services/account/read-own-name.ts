import { db } from "@/lib/db/client";
import type { Person } from "@/lib/domain/actor";

/** The person's own name, or null when they have given none. */
export async function readOwnName({ userId }: Pick<Person, "userId">): Promise<string | null> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { name: true } });
  return user?.name ?? null;
}
