import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { type CookieWorth, formerCookieMs, judgeGeneration } from "@/lib/domain/session-generation";
import { authorize } from "../authorize";

const cookieSchema = z.object({ sessionId: z.uuid(), generation: z.int().nonnegative() });

/**
 * What a cookie of this generation is worth. Notes when the newest comes back for the first time: the one before it
 * counts for ten seconds more. That the session itself is live is not asked here.
 */
export async function cookieWorth(sessionId: string, generation: number): Promise<CookieWorth> {
  if (!cookieSchema.safeParse({ sessionId, generation }).success) return "ended";
  const session = await db.session.findUnique({
    where: { id: sessionId },
    select: { generation: true, formerUntil: true },
  });
  if (!session) return "ended";
  const now = new Date();
  const worth = judgeGeneration(session, generation, now);
  if (worth === "arrived") {
    await db.session.updateMany({
      where: { id: sessionId, generation, formerUntil: null },
      data: { formerUntil: new Date(now.getTime() + formerCookieMs) },
    });
  }
  return worth;
}

/**
 * Makes a new cookie due after a proof, and begins the end of the present one (OWASP ASVS 5.0, 7.2.4). While the last
 * one that was made has not come back, it is that one again: two tabs that prove at once get the same.
 *
 * @returns its generation
 * @throws Refusal `unauthenticated` when the session is over
 */
export async function nextGeneration(actor: Actor): Promise<number> {
  authorize(actor, "self.change");
  const [row] = await db.$queryRaw<{ generation: number }[]>`
    UPDATE "Session"
       SET "generation" = "generation" + CASE WHEN "generation" > 0 AND "formerUntil" IS NULL THEN 0 ELSE 1 END,
           "formerUntil" = NULL
     WHERE "id" = ${actor.sessionId}::uuid AND "userId" = ${actor.userId}::uuid AND "revokedAt" IS NULL
    RETURNING "generation"`;
  if (!row) throw new Refusal("unauthenticated");
  return row.generation;
}
