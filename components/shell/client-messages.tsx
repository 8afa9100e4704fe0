import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";

type Messages = Awaited<ReturnType<typeof getMessages>>;

/** What components say that can stand on any page: the frame, proofs, refusals, and a page that failed. */
const everywhere = ["broken", "common", "errors"] as const satisfies readonly (keyof Messages)[];

interface ClientMessagesProps {
  /** Areas of the catalogue besides; a test holds them against what the page's components say. */
  readonly of?: readonly (keyof Messages)[];
  readonly children: ReactNode;
}

/**
 * Gives the client components below it their messages, in one language. All else of the catalogue stays on the server: it
 * would be several times the rest of a page.
 */
export async function ClientMessages({ of = [], children }: ClientMessagesProps) {
  const all = await getMessages();
  const messages = Object.fromEntries([...everywhere, ...of].map((area) => [area, all[area]]));
  return <NextIntlClientProvider messages={messages}>{children}</NextIntlClientProvider>;
}
