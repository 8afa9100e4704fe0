import { z } from "zod";
import { db, isUniqueViolation } from "@/lib/db/client";
import type { Person } from "@/lib/domain/actor";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { invalidField, Refusal } from "@/lib/domain/errors";
import type { Mail } from "@/lib/domain/mail";
import { noticeMail, sendsMail } from "../mail/queue";
import { parse, refuse } from "../parse";
import { limitLinks, limitMail } from "../session/login-limit";
import { changePerson, readUseCase, selfUseCase } from "../use-case";
import { byLink, type LinkOpener, linkMail, ownLink, useUpLink } from "./mail-links";

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

/** How a user is looked for by an address: NUL is the one character PostgreSQL cannot look for. */
export function whereEmail(email: string) {
  return { email: email.replaceAll("\0", "") };
}

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
export const readAddress = readUseCase({
  permission: "account.read",
  run: async ({ userId: id }): Promise<AddressView> => {
    const user = await db.user.findUniqueOrThrow({
      where: { id },
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
  },
});

/** An audit record about a user's address, by the one it had at the time. */
const addressEvent = (
  action: AuditAction,
  { userId, email }: Pick<Person, "userId" | "email">,
  details: AuditDetails = {},
) => ({ action, targetType: "user", targetId: userId, targetLabel: email, details }) as const;

/**
 * Sends the actor a link that confirms their address. Nothing is sent to an address that is confirmed.
 *
 * @throws Refusal `mail_off`, or `limited` (with retryAfter)
 */
export const requestVerification = selfUseCase({
  proof: false,
  before: async ({ userId }) => {
    if (!sendsMail()) throw new Refusal("mail_off");
    await limitMail("verify", userId);
  },
  run: async ({ tx, actor }) => {
    const {
      id: userId,
      email,
      emailVerifiedAt,
    } = await tx.user.findUniqueOrThrow({
      where: { id: actor.userId },
    });
    const mails = emailVerifiedAt ? [] : [await linkMail(tx, "verify_address", { userId, email }, {})];
    return { result: undefined, event: null, mails };
  },
});

const linkSchema = z.object({ token: z.string() });

/**
 * Confirms the address that a link was sent to. Only for the very user whose address it is, signed in: somebody who
 * finds the link in a mailbox must not confirm what a stranger registered with its address.
 *
 * @param opener where the link was opened, and who is signed in there, if somebody is
 * @throws Refusal `link_invalid`, `link_signed_out` when that user is not signed in here, or `limited` (with retryAfter)
 */
export async function verifyAddress(input: z.input<typeof linkSchema>, opener: LinkOpener): Promise<void> {
  const { token } = parse(linkSchema, input);
  await limitLinks(opener.address);
  const owner = await ownLink("verify_address", token, opener);
  await changePerson(owner.userId, byLink(owner, opener), async (tx) => {
    await useUpLink(tx, "verify_address", token);
    await tx.user.update({ where: { id: owner.userId }, data: { emailVerifiedAt: new Date() } });
    return { result: undefined, event: addressEvent("email.verified", owner) };
  });
}

/**
 * Asks to sign in with another address from now on. Nothing changes until the link that goes to that address is
 * opened; the old address is told. An address of somebody else is answered as a free one is, and looks the same
 * afterwards: its holder is told instead, and no link exists that could take it.
 *
 * @throws Refusal `forbidden`, `proof_required`, `mail_off`, `limited` (with retryAfter), or `invalid` (email)
 */
export const requestAddressChange = selfUseCase({
  proof: true,
  input: z.object({ email: emailSchema }),
  before: async (actor, { email }) => {
    if (!sendsMail()) throw new Refusal("mail_off");
    if (email === actor.email) throw invalidField("email", "email_same");
    await limitLinks(actor.address);
    // For both who get mail by it; counted for addresses with and without a user.
    await limitMail("change", actor.userId);
    await limitMail("change_to", email);
  },
  run: async ({ tx, actor }, { email }) => {
    const { userId, email: from } = actor;
    const taken = await tx.user.findUnique({ where: { email }, select: { id: true } });
    const link = await linkMail(tx, "change_address", { userId, email }, { from });
    const mail: Mail = taken ? { to: email, template: "address_wanted", params: {} } : link;
    return {
      result: undefined,
      event: addressEvent("email.change_requested", actor, { to: email }),
      mails: [mail, noticeMail("address_change_requested", from, { to: email }, actor)],
    };
  },
});

/**
 * Changes a user's address to the one that a link was sent to, and ends every link that was sent to the old one.
 * Only for the user who asked for it, signed in: whoever reads that mailbox must not lend its address to a stranger.
 * Sessions and linked sign-ins stay as they are.
 *
 * @param opener where the link was opened, and who is signed in there, if somebody is
 * @throws Refusal `link_signed_out` when that user is not signed in here, `link_invalid`, also when the address became
 *   somebody else's meanwhile; `limited` (with retryAfter)
 */
export async function changeAddress(input: z.input<typeof linkSchema>, opener: LinkOpener): Promise<void> {
  const { token } = parse(linkSchema, input);
  await limitLinks(opener.address);
  const owner = await ownLink("change_address", token, opener);
  const { userId, email: from, sentTo: to } = owner;
  const changed = changePerson(userId, byLink(owner, opener), async (tx) => {
    await useUpLink(tx, "change_address", token);
    await tx.user.update({ where: { id: userId }, data: { email: to, emailVerifiedAt: new Date() } });
    await tx.mailLink.deleteMany({ where: { userId } });
    // A provider's word for the old address leads to nobody any more.
    await tx.pendingLink.deleteMany({ where: { userId } });
    return {
      result: undefined,
      event: addressEvent("email.changed", { userId, email: to }, { from, to }),
      mails: [noticeMail("address_changed", from, { to }, opener)],
    };
  });
  await changed.catch((error) => {
    throw isUniqueViolation(error) ? new Refusal("link_invalid") : error;
  });
}
