import type { Role } from "@/lib/domain/permissions";
import { sessionIdleSeconds } from "@/lib/domain/session";
import { queryPrepared } from "./pool";

/** A session that counts, with the person it is of and the account it is in. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  /** The language that the person chose; null: as the browser says. */
  readonly language: string | null;
  readonly provenAt: Date;
  /** Which of its cookies was handed out last, and until when the one before it counts. */
  readonly generation: number;
  readonly formerUntil: Date | null;
  /** null while it is in no account that the person is a member of; the rest is null with it. */
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly role: Role | null;
  readonly requireTwoStep: boolean | null;
  readonly hasSecondFactor: boolean;
}

// One statement: it runs with every request of the dashboard.
const statement = `
  SELECT s."id", s."userId", u."email", u."language", s."provenAt", s."generation", s."formerUntil", a."id" AS "accountId",
         a."name" AS "accountName", m."role"::text, a."requireTwoStep",
         EXISTS (SELECT 1 FROM "Passkey" p WHERE p."userId" = u."id")
         OR EXISTS (SELECT 1 FROM "Totp" t WHERE t."userId" = u."id" AND t."active") AS "hasSecondFactor"
    FROM "Session" s JOIN "User" u ON u."id" = s."userId"
    LEFT JOIN "Membership" m ON m."userId" = s."userId" AND m."accountId" = s."accountId"
    LEFT JOIN "Account" a ON a."id" = m."accountId"
   WHERE s."id" = $1 AND s."revokedAt" IS NULL AND s."expiresAt" > $2 AND s."lastSeenAt" > $3`;

/** Reads a session that is neither revoked nor over; null when there is none of this id. */
export async function readLiveSession(id: string, now: Date): Promise<LiveSession | null> {
  const idleSince = new Date(now.getTime() - sessionIdleSeconds * 1000);
  const [session] = await queryPrepared<LiveSession>("session", statement, [id, now, idleSince]);
  return session ?? null;
}
