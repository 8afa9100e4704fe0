import { expect } from "@playwright/test";

/** A mail as it arrived. */
interface ArrivedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The mails that arrived at an address so far, oldest first. */
export async function mailsTo(address: string): Promise<readonly ArrivedMail[]> {
  const url = process.env.LATCHKEY_TEST_INBOX_URL;
  if (!url) throw new Error("LATCHKEY_TEST_INBOX_URL: not set; npm test provides it");
  const response = await fetch(`${url}/${encodeURIComponent(address)}`);
  return (await response.json()) as ArrivedMail[];
}

/** Waits for a mail with this subject and gives the newest one. */
export async function arrivedMail(address: string, subject: string): Promise<ArrivedMail> {
  let found: ArrivedMail | undefined;
  await expect(async () => {
    found = (await mailsTo(address)).filter((mail) => mail.subject === subject).at(-1);
    expect(found, `a mail to ${address}: ${subject}`).toBeDefined();
  }).toPass({ timeout: 15_000 });
  if (!found) throw new Error("unreachable");
  return found;
}

/** The link in a mail that leads to this page. */
export function linkIn(mail: ArrivedMail, path: string): string {
  const link = mail.text.match(/https?:\/\/\S+/g)?.find((each) => new URL(each).pathname === path);
  if (!link) throw new Error(`no link to ${path} in: ${mail.text}`);
  return link;
}
