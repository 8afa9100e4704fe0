import type { Language } from "@/lib/domain/preferences";
import command from "./messages/en/command.json" with { type: "json" };
import doctor from "./messages/en/doctor.json" with { type: "json" };
import failure from "./messages/en/failure.json" with { type: "json" };
import keep from "./messages/en/keep.json" with { type: "json" };
import commandEs from "./messages/es/command.json" with { type: "json" };
import doctorEs from "./messages/es/doctor.json" with { type: "json" };
import failureEs from "./messages/es/failure.json" with { type: "json" };
import keepEs from "./messages/es/keep.json" with { type: "json" };
import commandPtBR from "./messages/pt-BR/command.json" with { type: "json" };
import doctorPtBR from "./messages/pt-BR/doctor.json" with { type: "json" };
import failurePtBR from "./messages/pt-BR/failure.json" with { type: "json" };
import keepPtBR from "./messages/pt-BR/keep.json" with { type: "json" };
import { negotiateLocale } from "./negotiate";

// As the JSON that they are: browser journeys load this file without a bundler.

const en = { command, doctor, failure, keep };

/** The shape of what is said in a terminal. */
export type TerminalMessages = typeof en;

/** Whether a translation is whole, `catalogue.test.ts` says, by file and key. */
const translated = (messages: object) => messages as TerminalMessages;

const terminalMessages: Readonly<Record<Language, TerminalMessages>> = {
  en,
  "pt-BR": translated({ command: commandPtBR, doctor: doctorPtBR, failure: failurePtBR, keep: keepPtBR }),
  es: translated({ command: commandEs, doctor: doctorEs, failure: failureEs, keep: keepEs }),
};

/**
 * What is said in a terminal, in the language that it asks for by LC_ALL, LC_MESSAGES or LANG, the first of them that is
 * set (POSIX.1-2024, 8.2): `pt_BR.UTF-8` is Portuguese, `C` English.
 */
export function terminalWords(environment: Readonly<Record<string, string | undefined>>): {
  readonly locale: Language;
  readonly messages: TerminalMessages;
} {
  const asked = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || "";
  const { language } = negotiateLocale(asked.split(/[.@]/, 1)[0]?.replaceAll("_", "-") ?? null);
  return { locale: language, messages: terminalMessages[language] };
}
