import type { Language } from "@/lib/domain/preferences";
import en from "./messages/en/index";
import es from "./messages/es/index";
import ptBR from "./messages/pt-BR/index";

/** The shape of a catalogue; the compiler checks its keys wherever one is used. */
export type Messages = typeof en;

/** A translation. Whether it is whole, `catalogue.test.ts` says, by file and key. */
const translated = (messages: object) => messages as Messages;

/** All sentences by language. How to add one: docs/contributing/languages.md. */
export const catalogues: Readonly<Record<Language, Messages>> = {
  en,
  "pt-BR": translated(ptBR),
  es: translated(es),
};
