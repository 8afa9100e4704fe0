import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { MemberView } from "@/lib/domain/membership";
import { authorize } from "../authorize";
import { factorColumns, factorsIn } from "../session/second-factors";

/** The members of the account: owners first, then by address. */
export async function listMembers(actor: Actor): Promise<MemberView[]> {
  authorize(actor, "member.read");
  const { accountId } = actor;
  const [rows, seen] = await Promise.all([
    db.membership.findMany({
      where: { accountId },
      orderBy: [{ role: "asc" }, { user: { email: "asc" } }],
      select: {
        role: true,
        createdAt: true,
        user: { select: { id: true, email: true, name: true, ...factorColumns } },
      },
    }),
    db.session.groupBy({ by: ["userId"], where: { accountId }, _max: { lastSeenAt: true } }),
  ]);
  const lastSeen = new Map(seen.map((row) => [row.userId, row._max.lastSeenAt]));
  return rows.map(({ role, createdAt, user }) => ({
    userId: user.id,
    email: user.email,
    name: user.name,
    role,
    joinedAt: createdAt,
    lastSeenAt: lastSeen.get(user.id) ?? null,
    twoStep: factorsIn(user).length > 0,
    self: user.id === actor.userId,
  }));
}
