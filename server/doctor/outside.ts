import { Agent, request } from "undici";
import type { Config } from "@/lib/config";
import { type Finding, finding } from "@/lib/domain/doctor";
import { securityTxtState } from "@/lib/domain/security-txt";
import { mailTransport, smtpFacts } from "@/lib/mail/deliver";
import { upstreamConnector } from "@/lib/net/safe-connect";

const patienceMs = 3000;

/** An HTTP date is in whole seconds, and an answer may come from a cache. */
const mostSeconds = 5;

/** Seconds that this machine's clock is ahead of the one of an origin; null when that gives no date. */
async function secondsAhead(origin: string, dispatcher: Agent): Promise<number | null> {
  try {
    const askedAt = Date.now();
    const signal = AbortSignal.timeout(patienceMs);
    const { headers, body } = await request(origin, { method: "HEAD", dispatcher, signal });
    await body.dump();
    const date = Date.parse(String(headers.date));
    if (headers.age !== undefined || Number.isNaN(date)) return null;
    return ((askedAt + Date.now()) / 2 - date - 500) / 1000;
  } catch {
    return null;
  }
}

/**
 * Compares this machine's clock with those of some upstreams, as far as they give a date. They are reached as the gate
 * reaches them, so private ones only where they are allowed. One that disagrees may be wrong itself.
 */
export async function checkUpstreamClock(
  origins: readonly string[],
  allowPrivate: boolean,
): Promise<Finding> {
  const dispatcher = new Agent({ connect: upstreamConnector({ allowPrivate, timeoutMs: patienceMs }) });
  try {
    const all = await Promise.all(origins.map((origin) => secondsAhead(origin, dispatcher)));
    const ahead = all.filter((seconds) => seconds !== null).sort((a, b) => a - b);
    const median = ahead[Math.floor(ahead.length / 2)];
    if (median === undefined) return finding("upstreamClock", "unasked");
    const values = {
      seconds: Math.round(Math.abs(median) * 10) / 10,
      direction: median > 0 ? "ahead" : "behind",
      upstreams: ahead.length,
    };
    return finding("upstreamClock", Math.abs(median) > mostSeconds ? "off" : "right", values);
  } finally {
    await dispatcher.destroy();
  }
}

/** What a mail that is sent to try the way out says. */
export interface TestMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Whether the mail server lets us in and, with a mail, takes it. What it answers is told by its codes only. */
export async function checkMail(mail: Config["mail"], test: TestMail | null): Promise<Finding> {
  if (!mail) return finding("mail", "off");
  const { host } = new URL(mail.smtpUrl);
  const transport = mailTransport(mail.smtpUrl);
  try {
    await transport.verify();
    if (test) {
      const to = { name: "", address: test.to };
      const headers = { "Auto-Submitted": "auto-generated" };
      await transport.sendMail({ from: mail.from, to, subject: test.subject, text: test.text, headers });
    }
    return finding("mail", test ? "sent" : "answers", { host, to: test?.to ?? "" });
  } catch (error) {
    const { code, originalCode, responseCode } = smtpFacts(error);
    const codes = [code, originalCode, responseCode].filter((each) => each !== undefined);
    return finding("mail", "refused", { host, code: [...new Set(codes)].join(" ") });
  } finally {
    transport.close();
  }
}

/** Until when the file that names whom to tell of weaknesses counts. */
export function checkSecurityTxt(contact: Config["securityContact"], now: Date): Finding {
  if (!contact) return finding("securityTxt", "off");
  const expires = contact.expires.toISOString().slice(0, 10);
  return finding("securityTxt", securityTxtState(contact.expires, now), { expires });
}
