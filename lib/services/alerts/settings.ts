import { z } from "zod";
import { db } from "@/lib/db/client";
import { type AlertsView, alertKinds } from "@/lib/domain/alert";
import { sendsMail } from "../mail/queue";
import { memberEvent } from "../members/find";
import { changeUseCase, readUseCase } from "../use-case";

const inAccount = (userId: string, accountId: string) => ({ userId_accountId: { userId, accountId } });

/** Which alerts about the account the actor gets by mail. */
export const readAlerts = readUseCase({
  permission: "account.read",
  run: async ({ userId, accountId }): Promise<AlertsView> => {
    const { mutedAlerts, user } = await db.membership.findUniqueOrThrow({
      where: inAccount(userId, accountId),
      select: { mutedAlerts: true, user: { select: { emailVerifiedAt: true } } },
    });
    const unconfirmed = user.emailVerifiedAt === null ? "unconfirmed" : null;
    return {
      settings: alertKinds.map((kind) => ({ kind, on: !mutedAlerts.includes(kind) })),
      obstacle: sendsMail() ? unconfirmed : "mail_off",
    };
  },
});

/**
 * Switches one kind of alert about the account on or off, for the actor alone. It is on record: whoever gets into a
 * session could silence what would give them away.
 *
 * @throws Refusal `invalid` (kind)
 */
export const changeAlerts = changeUseCase({
  permission: "self.change",
  altersDecision: false,
  input: z.object({ kind: z.enum(alertKinds), on: z.boolean() }),
  run: async ({ tx, account, actor: { userId, email } }, { kind, on }) => {
    const where = inAccount(userId, account.id);
    const { mutedAlerts } = await tx.membership.findUniqueOrThrow({ where, select: { mutedAlerts: true } });
    if (mutedAlerts.includes(kind) !== on) return { result: undefined, event: null };
    const others = mutedAlerts.filter((each) => each !== kind);
    await tx.membership.update({ where, data: { mutedAlerts: on ? others : [...others, kind] } });
    const details = { from: kind, to: on ? "on" : "off" };
    return { result: undefined, event: memberEvent("member.alerts_changed", { id: userId, email }, details) };
  },
});
