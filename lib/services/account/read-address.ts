import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { sendsMail } from "../mail/queue";

/** The actor's e-mail address and what is known of it. */
export interface AddressView {
  readonly email: string;
  /** null: nobody has shown yet that mail to it arrives. */
  readonly verifiedAt: Date | null;
  /** The address that waits for its link to be opened, and until when. */
  readonly wanted: { readonly email: string; readonly until: Date } | null;
  /** False: this Latchkey sends no mail at all. */
  readonly mailOn: boolean;
}

/** What the actor's own settings say of their e-mail address. */
export async function readAddress(actor: Actor): Promise<AddressView> {
  authorize(actor, "account.read");
  const user = await db.user.findUniqueOrThrow({
    where: { id: actor.userId },
    select: {
      email: true,
      emailVerifiedAt: true,
      mailLinks: {
        where: { purpose: "change_address", expiresAt: { gt: new Date() } },
        select: { email: true, expiresAt: true },
      },
    },
  });
  const [link] = user.mailLinks;
  return {
    email: user.email,
    verifiedAt: user.emailVerifiedAt,
    wanted: link ? { email: link.email, until: link.expiresAt } : null,
    mailOn: sendsMail(),
  };
}
