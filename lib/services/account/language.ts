import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Person } from "@/lib/domain/actor";
import type { Mail } from "@/lib/domain/mail";
import { type Language, languages, parseLanguage } from "@/lib/domain/preferences";
import { parse } from "../parse";

const choiceSchema = z.object({ language: z.enum(languages).nullable() });

/**
 * Chooses the language of the person's pages and mails, in all their accounts; null leaves it to their browsers. As it
 * is nobody else's business, no trail has it.
 *
 * @throws Refusal `invalid` (language)
 */
export async function chooseOwnLanguage(
  { userId: id }: Pick<Person, "userId">,
  input: z.input<typeof choiceSchema>,
): Promise<void> {
  const { language } = parse(choiceSchema, input);
  await db.user.updateMany({ where: { id }, data: { language } });
}

/** Remembers in which language the pages were on which a session began: mails to who has not chosen are in it, too. */
export async function noteLanguage(sessionId: string, language: Language): Promise<void> {
  await db.user.updateMany({
    where: {
      sessions: { some: { id: sessionId } },
      OR: [{ lastLanguage: null }, { lastLanguage: { not: language } }],
    },
    data: { lastLanguage: language },
  });
}

/**
 * In which language a mail is to be written: that of who has its address. Where nobody has it (someone is invited, an
 * address is new, or no longer anybody's), that of the user whom the mail names.
 */
export async function mailLanguage(tx: Transaction, { to, params }: Mail): Promise<Language> {
  const named = params as { readonly inviter?: string; readonly from?: string; readonly to?: string };
  const addresses = [to, named.inviter, named.from, named.to].filter((each) => each !== undefined);
  const users = await tx.user.findMany({
    where: { email: { in: addresses } },
    select: { email: true, language: true, lastLanguage: true },
  });
  const [reader] = addresses.flatMap((address) => users.find(({ email }) => email === address) ?? []);
  return parseLanguage(reader?.language) ?? parseLanguage(reader?.lastLanguage) ?? "en";
}
