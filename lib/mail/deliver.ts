import { createTransport } from "nodemailer";
import type { Config } from "@/lib/config";
import { type Mail, type MailTemplate, mailTemplates } from "@/lib/domain/mail";
import { parseLanguage } from "@/lib/domain/preferences";
import { framed } from "./frame";
import { mailWords } from "./words";

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

/** The way to a mail server: `smtp:` or `smtps:`, with user name and password where it wants them. */
export function mailTransport(smtpUrl: string) {
  return createTransport({
    ...waits,
    requireTLS: mustEncrypt(smtpUrl),
    // A mail is made of text alone: nothing in it can name a file or an address to read.
    disableFileAccess: true,
    disableUrlAccess: true,
    url: smtpUrl,
  });
}

/** What of a failure is logged: servers repeat addresses in their answers. */
export function smtpFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, originalCode, responseCode, command } = error as unknown as Record<string, unknown>;
  return { type: error.name, code, originalCode, responseCode, command };
}

/** The server refused this very mail for good; a refused password is the operator's to mend. */
function isPermanent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { permanent, code } = error as { permanent?: boolean; code?: string };
  return permanent === true && code !== "EAUTH";
}

/**
 * Makes what delivers mails over one mail server: words in the one frame, to one address. Takes a template's name and
 * what `queueMail` sealed; answers null when the server took the mail.
 *
 * @param settings `smtpUrl`: `smtp:` or `smtps:`, with user name and password where the server wants them; `from`:
 *   the sender of every mail; `linkOrigin`: what links begin with
 */
export function mailDeliverer({ smtpUrl, from, linkOrigin }: NonNullable<Config["mail"]>) {
  const transport = mailTransport(smtpUrl);
  return async (id: string, template: string, payload: unknown) => {
    if (!mailTemplates.includes(template as MailTemplate)) {
      return { permanent: true, facts: { code: "UNKNOWN_TEMPLATE" } };
    }
    const mail = { template, ...(payload as object) } as Mail & { readonly language?: unknown };
    // Sealed by an older version, it names none.
    const language = parseLanguage(mail.language) ?? "en";
    try {
      const words = mailWords(mail.template, mail.params, linkOrigin, language);
      const { subject, text, html } = framed(words);
      await transport.sendMail({
        from,
        // As an object it is one address, whatever characters it has.
        to: { name: "", address: mail.to },
        subject,
        text,
        html,
        // Names the mail for good: readers show a mail once that a server was given twice.
        messageId: `<${id}@${new URL(linkOrigin).hostname}>`,
        // RFC 3282: mail readers read it aloud, and offer no translation, by it.
        headers: { "Auto-Submitted": "auto-generated", "Content-Language": language },
        // RFC 2369: the page for it. Without a click there (RFC 8058) a scanner of mails would switch alerts off.
        ...(words.mute && { list: { unsubscribe: words.mute.url } }),
        signal: AbortSignal.timeout(attemptMs),
      });
      return null;
    } catch (error) {
      return { permanent: isPermanent(error), facts: smtpFacts(error) };
    }
  };
}
