import { createTransport } from "nodemailer";
import type { MailBody } from "./frame";

/** Sends mails over one mail server. */
export interface MailTransport {
  /**
   * Resolves when the server took responsibility for the mail.
   *
   * @param messageId names the mail for good: readers show a mail once that a server was given twice
   * @throws Error of nodemailer
   */
  send(mail: MailBody & { readonly to: string; readonly messageId: string }): Promise<void>;
}

const waits = {
  dnsTimeout: 10_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
};

/** The whole of one attempt; shorter than a lease of the outbox. */
const attemptMs = 90_000;

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** A password goes over the network encrypted, or not at all; `?requireTLS=false` in the URL says otherwise. */
function mustEncrypt(smtpUrl: string): boolean {
  const { password, hostname } = new URL(smtpUrl);
  return password !== "" && !loopback.test(hostname);
}

/**
 * @param smtpUrl `smtp:` or `smtps:`, with user name and password where the server wants them
 * @param from the sender of every mail
 */
export function smtpTransport(smtpUrl: string, from: string): MailTransport {
  const transport = createTransport({
    ...waits,
    requireTLS: mustEncrypt(smtpUrl),
    // A mail is made of text alone: nothing in it can name a file or an address to read.
    disableFileAccess: true,
    disableUrlAccess: true,
    url: smtpUrl,
  });
  return {
    async send({ to, messageId, subject, text, html }) {
      await transport.sendMail({
        from,
        // As an object it is one address, whatever characters it has.
        to: { name: "", address: to },
        subject,
        text,
        html,
        messageId,
        headers: { "Auto-Submitted": "auto-generated" },
        signal: AbortSignal.timeout(attemptMs),
      });
    },
  };
}
