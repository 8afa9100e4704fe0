import { randomUUID } from "node:crypto";
import { config } from "@/lib/config";
import { seal } from "@/lib/crypto/sealed-box";
import { insertMessage, outboxContext } from "@/lib/db/outbox";
import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { type Mail, mailLifetimeSeconds, type NoticeParams, type SecurityNotice } from "@/lib/domain/mail";
import { mailLanguage } from "../account/language";

/** Whether this Latchkey sends mail. Features that need it say so where it does not. */
export function sendsMail(): boolean {
  return config().mail !== undefined;
}

/**
 * Sends a mail when the transaction commits, and never when it does not. It waits in the outbox until the mail
 * server took it, however often that fails, at most as long as it is worth sending. Without a mail server
 * nothing happens: a mail must not come months later. It is written in the language that its reader has by now.
 *
 * @param mail `to` is the address as it is kept; `params` may hold single-use links, they are kept sealed
 */
export async function queueMail(tx: Transaction, mail: Mail): Promise<void> {
  if (!sendsMail()) return;
  const { to, template, params } = mail;
  const language = await mailLanguage(tx, mail);
  const message = { id: randomUUID(), kind: "mail", topic: template } as const;
  await insertMessage(tx, {
    ...message,
    sealed: seal(JSON.stringify({ to, params, language }), outboxContext(message)),
    lifetimeSeconds: mailLifetimeSeconds[template],
  });
}

/**
 * The mail that tells a user what was done to their way of signing in.
 *
 * @param to the user's e-mail address; not the new one where it changes
 * @param params what the notice says besides time, browser and address
 */
export function noticeMail<N extends SecurityNotice>(
  notice: N,
  to: string,
  params: NoticeParams[N],
  { address, userAgent }: Origin,
): Mail {
  const facts = { at: new Date().toISOString(), address, userAgent };
  return { to, template: notice, params: { ...params, ...facts } } as unknown as Mail;
}
