import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { changePerson } from "../change-self";
import { sendsMail } from "../mail/queue";
import { parse } from "../parse";
import { credentialsSchema, evenly } from "../session/credentials";
import { isResetLimited, limitLinks } from "../session/login-limit";
import { hasLink, sendMailLink } from "./mail-links";

const schema = z.object({ email: credentialsSchema.shape.email });

/**
 * Sends a link to set a new password, if the address has a user. It answers the same after the same time
 * whether it has or not, also when too many were asked for: then nothing more is sent while the newest link counts.
 *
 * @throws Refusal `mail_off`, `limited` (too many from this client address), or `invalid` (email: required)
 */
export async function requestPasswordReset(input: { email: string }, origin: Origin): Promise<void> {
  const { email } = parse(schema, input);
  if (!sendsMail()) throw new Refusal("mail_off");
  await limitLinks(origin.address);
  await evenly(async () => {
    const tooMany = await isResetLimited(email);
    // NUL is the one character PostgreSQL cannot look for.
    const user = await db.user.findUnique({ where: { email: email.replaceAll("\0", "") } });
    if (!user) return;
    const owner = { userId: user.id, email: user.email };
    // Whoever asks on behalf of somebody else must not leave them without a link that counts.
    if (tooMany && (await hasLink("reset_password", owner))) return;
    await changePerson({ ...owner, ...origin }, async (tx) => {
      await sendMailLink(tx, "reset_password", owner, {});
      const event = { action: "password.reset_requested", targetType: "user", targetId: user.id } as const;
      return { result: undefined, event: { ...event, targetLabel: user.email } };
    });
  });
}
