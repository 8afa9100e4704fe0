import { z } from "zod";
import { ConfigError } from "./config-error";

/** An address, or a name and an address in angle brackets; nothing that could begin another header or address. */
const mailFrom = /^(?:[^\s@<>",;:]+@[^\s@<>",;:]+|[^<>",;:@\p{Cc}]{1,64} ?<[^\s@<>",;:]+@[^\s@<>",;:]+>)$/u;

/** Variables of the mail server. */
export const mailFields = {
  SMTP_URL: z
    .url({
      protocol: /^smtps?$/,
      error: "give a mail server such as smtps://user:password@mail.example.com:465 (or smtp://…:587)",
    })
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(mailFrom, {
      error: "give the sender, such as latchkey@example.com or Latchkey <latchkey@example.com>",
    })
    .optional(),
};

type Values = z.output<z.ZodObject<typeof mailFields>> & { readonly LATCHKEY_URL?: string | undefined };

/** What mail needs besides a server: links begin with the dashboard's own address, never with a request's Host. */
export function mailSettings({ SMTP_URL, MAIL_FROM, LATCHKEY_URL }: Values) {
  if (SMTP_URL === undefined) return undefined;
  const missing = [
    ...(LATCHKEY_URL ? [] : ["LATCHKEY_URL: needed with SMTP_URL, because links in mail begin with it"]),
    ...(MAIL_FROM ? [] : ["MAIL_FROM: needed with SMTP_URL, such as Latchkey <latchkey@example.com>"]),
  ];
  if (!LATCHKEY_URL || !MAIL_FROM) throw new ConfigError(missing.join("\n"));
  return Object.freeze({ smtpUrl: SMTP_URL, from: MAIL_FROM, linkOrigin: LATCHKEY_URL });
}
