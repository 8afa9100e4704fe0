import { z } from "zod";
import { db, isUniqueViolation } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { authorize, requireProof } from "../authorize";
import { changePerson, changeSelf } from "../change-self";
import { queueMail, queueNotice, sendsMail } from "../mail/queue";
import { parse, refuse } from "../parse";
import { limitLinks, limitMail } from "../session/login-limit";
import { issueMailLink, type LinkOpener, ownLink, sendMailLink, useUpLink } from "./mail-links";

/** RFC 5321 §4.5.3.1.3: a path of 256 octets, less its two angle brackets. */
const maxLength = 254;

/** Without what cannot be seen, and without the characters that mean something in a header of a mail (RFC 5322 §3.2.3, specials). */
const shape =
  /^[^\s@"<>()[\]:;,\\\p{C}\p{Default_Ignorable_Code_Point}\u2800]{1,64}@[^\s@"<>()[\]:;,\\\p{C}\p{Default_Ignorable_Code_Point}\u2800]+\.[^\s@."<>()[\]:;,\\\p{C}\p{Default_Ignorable_Code_Point}\u2800]+$/u;

/** The form in which e-mail addresses are kept and compared: NFC, lower case. */
export function normaliseEmail(text: string): string {
  return text.trim().normalize("NFC").toLowerCase().normalize("NFC");
}

/** An e-mail address for a new user, normalised. */
export const emailSchema = z.string().transform((text, context) => {
  const email = normaliseEmail(text);
  if (email === "") refuse(context, "required");
  else if (email.length > maxLength) refuse(context, "too_long", { max: maxLength });
  else if (!shape.test(email)) refuse(context, "email_invalid");
  return email;
});

/** The actor's e-mail address and what is known of it. */
interface AddressView {
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

/**
 * Sends the actor a link that confirms their address. Nothing is sent to an address that is confirmed.
 *
 * @throws Refusal `mail_off`, or `limited` (with retryAfter)
 */
export async function requestVerification(actor: Actor): Promise<void> {
  authorize(actor, "self.change");
  if (!sendsMail()) throw new Refusal("mail_off");
  await limitMail("verify", actor.userId);
  await changeSelf(actor, async (tx) => {
    const user = await tx.user.findUniqueOrThrow({ where: { id: actor.userId } });
    if (!user.emailVerifiedAt) {
      await sendMailLink(tx, "verify_address", { userId: user.id, email: user.email }, {});
    }
    return { result: undefined, event: null };
  });
}

const schema = z.object({ token: z.string() });

/**
 * Confirms the address that a link was sent to. Only for the very user whose address it is, signed in: somebody who
 * finds the link in a mailbox must not confirm what a stranger registered with its address.
 *
 * @param opener where the link was opened, and who is signed in there, if somebody is
 * @throws Refusal `link_invalid`, `link_signed_out` when that user is not signed in here, or `limited` (with retryAfter)
 */
export async function verifyAddress(input: { token: string }, opener: LinkOpener): Promise<void> {
  const { token } = parse(schema, input);
  await limitLinks(opener.address);
  const owner = await ownLink("verify_address", token, opener);
  await changePerson({ ...opener, ...owner }, async (tx) => {
    await useUpLink(tx, "verify_address", token);
    await tx.user.update({ where: { id: owner.userId }, data: { emailVerifiedAt: new Date() } });
    return {
      result: undefined,
      event: {
        action: "email.verified",
        targetType: "user",
        targetId: owner.userId,
        targetLabel: owner.email,
      },
    };
  });
}

const requestAddressChangeSchema = z.object({ email: emailSchema });

/**
 * Asks to sign in with another address from now on. Nothing changes until the link that goes to that address is
 * opened; the old address is told. An address of somebody else is answered as a free one is, and looks the same
 * afterwards: its holder is told instead, and no link exists that could take it.
 *
 * @throws Refusal `forbidden`, `proof_required`, `mail_off`, `limited` (with retryAfter), or `invalid` (email)
 */
export async function requestAddressChange(actor: Actor, input: { email: string }): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { email } = parse(requestAddressChangeSchema, input);
  if (!sendsMail()) throw new Refusal("mail_off");
  if (email === actor.email) throw invalidField("email", "email_same");
  await limitLinks(actor.address);
  // For both who get mail by it; counted for addresses with and without a user.
  await limitMail("change", actor.userId);
  await limitMail("change_to", email);
  await changeSelf(actor, async (tx) => {
    const { userId, email: from } = actor;
    const taken = await tx.user.findUnique({ where: { email }, select: { id: true } });
    if (taken) {
      await issueMailLink(tx, "change_address", { userId, email });
      await queueMail(tx, { to: email, template: "address_wanted", params: {} });
    } else {
      await sendMailLink(tx, "change_address", { userId, email }, { from });
    }
    await queueNotice(tx, "address_change_requested", from, { to: email }, actor);
    return {
      result: undefined,
      event: {
        action: "email.change_requested",
        targetType: "user",
        targetId: userId,
        targetLabel: from,
        details: { to: email },
      },
    };
  });
}

const changeAddressSchema = z.object({ token: z.string() });

/**
 * Changes a user's address to the one that a link was sent to, and ends every link that was sent to the old one.
 * Only for the user who asked for it, signed in: whoever reads that mailbox must not lend its address to a stranger.
 * Sessions and linked sign-ins stay as they are.
 *
 * @param opener where the link was opened, and who is signed in there, if somebody is
 * @throws Refusal `link_signed_out` when that user is not signed in here, `link_invalid`, also when the address became somebody else's meanwhile; `limited` (with
 *   retryAfter)
 */
export async function changeAddress(input: { token: string }, opener: LinkOpener): Promise<void> {
  const { token } = parse(changeAddressSchema, input);
  await limitLinks(opener.address);
  const { userId, email: from, sentTo: to } = await ownLink("change_address", token, opener);
  const origin = { address: opener.address, userAgent: opener.userAgent };
  try {
    await changePerson({ ...origin, userId, email: from }, async (tx) => {
      await useUpLink(tx, "change_address", token);
      await tx.user.update({ where: { id: userId }, data: { email: to, emailVerifiedAt: new Date() } });
      await tx.mailLink.deleteMany({ where: { userId } });
      // A provider's word for the old address leads to nobody any more.
      await tx.pendingLink.deleteMany({ where: { userId } });
      await queueNotice(tx, "address_changed", from, { to }, origin);
      return {
        result: undefined,
        event: {
          action: "email.changed",
          targetType: "user",
          targetId: userId,
          targetLabel: to,
          details: { from, to },
        },
      };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Refusal("link_invalid");
    throw error;
  }
}
