import { unseal } from "@/lib/crypto/sealed-box";
import { type ClaimedMail, deleteMail, postponeMail } from "@/lib/db/mail-outbox";
import {
  type Mail,
  type MailTemplate,
  mailContext,
  mailRetrySeconds,
  mailTemplates,
} from "@/lib/domain/mail";
import { framed } from "./frame";
import { failureFacts, log } from "./log";
import type { MailTransport } from "./transport";
import { mailWords } from "./words";

/** Opens a claimed mail. @throws Error when it was sealed with another secret, or is none of ours */
function opened({ id, template, sealed }: ClaimedMail): Mail {
  if (!mailTemplates.includes(template as MailTemplate)) throw new Error("unknown template");
  return { template, ...JSON.parse(unseal(sealed, mailContext(id, template))) };
}

/** The server refused this very mail for good; a refused password is the operator's to mend. */
function isPermanent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { permanent, code } = error as { permanent?: boolean; code?: string };
  return permanent === true && code !== "EAUTH";
}

/**
 * Sends one claimed mail and settles it: gone when the server took it or never will, put back otherwise.
 *
 * @param origin what links begin with
 * @throws Error when the database cannot be written; the mail is tried again after its lease
 */
export async function deliver(claimed: ClaimedMail, transport: MailTransport, origin: string): Promise<void> {
  const { id, template, attempts } = claimed;
  if (claimed.expiresAt.getTime() <= Date.now()) {
    log().error({ id, template, attempts }, "mail given up: its time is over");
    return deleteMail(claimed);
  }
  let mail: Mail;
  try {
    mail = opened(claimed);
  } catch {
    log().error({ id, template }, "mail given up: it was sealed with another secret");
    return deleteMail(claimed);
  }
  try {
    const body = framed(mailWords(mail.template, mail.params, origin));
    await transport.send({ ...body, to: mail.to, messageId: `<${id}@${new URL(origin).hostname}>` });
  } catch (error) {
    const facts = { id, template, attempts, ...failureFacts(error) };
    if (isPermanent(error)) {
      log().error(facts, "mail given up: the mail server refused it");
      return deleteMail(claimed);
    }
    log().warn(facts, "mail not sent; trying again");
    return postponeMail(claimed, mailRetrySeconds(attempts));
  }
  log().debug({ id, template, attempts }, "mail sent");
  return deleteMail(claimed);
}
