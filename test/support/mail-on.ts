import { unseal } from "@/lib/crypto/sealed-box";
import { db } from "@/lib/db/client";
import { outboxContext } from "@/lib/db/outbox";
import type { Mail } from "@/lib/domain/mail";

// Imported before the configuration is first read. Nobody listens there: mails stay in the outbox.
process.env.SMTP_URL = "smtp://127.0.0.1:9";
process.env.MAIL_FROM = "latchkey@example.com";
process.env.LATCHKEY_URL = "https://latchkey.example.com";

/** The mails to one address that wait in the outbox, oldest first. */
export async function mailsTo(email: string): Promise<Mail[]> {
  const rows = await db.outbox.findMany({ where: { kind: "mail" }, orderBy: { dueAt: "asc" } });
  return rows
    .map(({ id, topic: template, sealed }) => ({
      template,
      ...JSON.parse(unseal(sealed, outboxContext({ id, kind: "mail", topic: template }))),
    }))
    .filter((mail: Mail) => mail.to === email);
}

/** The token of the newest link of a kind that was sent to an address. */
export async function sentToken(
  email: string,
  template: "verify_address" | "reset_password" | "change_address" | "invitation",
): Promise<string> {
  const mail = (await mailsTo(email)).filter((each) => each.template === template).at(-1);
  if (!mail || !("path" in mail.params)) throw new Error(`no ${template} was sent to ${email}`);
  return mail.params.path.split("#")[1] ?? "";
}
