import { createTranslator } from "use-intl/core";
import type { Finding } from "@/lib/domain/doctor";
import { inWords, type Told, wordedValues } from "@/lib/domain/told";
import { type TerminalMessages, terminalWords } from "@/lib/i18n/terminal";

/** Every command of `latchkey`; some come later than others. */
export type CommandName = keyof TerminalMessages["command"]["commands"];

const translator = { ...terminalWords(process.env), timeZone: "UTC" } as const;

/** The words of the command line. */
export const words = createTranslator({ ...translator, namespace: "command" });

const failureWords = createTranslator({ ...translator, namespace: "failure" });

type FailureKey = Parameters<typeof failureWords>[0];

/** A sentence of the catalogue `failure`. */
export function failure(key: FailureKey, values: Told["values"] = {}): Told {
  return { key, values };
}

// The compiler cannot know the keys of sentences within sentences; a test words every one.
const say = (key: string, values: Told["values"]) => failureWords(key as FailureKey, values as never);

/** A sentence in the language of this terminal. */
export const wordsOf = (told: Told) => inWords(told, say);

const doctorWords = createTranslator({ ...translator, namespace: "doctor" });

/** What a finding is called, what was found, and what to do about it. */
export function findingWords({ check, outcome, values }: Finding): {
  readonly title: string;
  readonly text: string;
  readonly fix: string | null;
} {
  const worded = wordedValues(values, say);
  // The compiler cannot know the pairs; a test reads every one.
  const key = (part: string) => `checks.${check}.${outcome}.${part}` as "checks.disk.full.fix";
  return {
    title: doctorWords(`checks.${check}.title`),
    text: doctorWords(key("text"), worded as never),
    fix: doctorWords.has(key("fix")) ? doctorWords(key("fix"), worded as never) : null,
  };
}

/** Where a setting comes from, in words. */
export const sourceWords = (source: keyof TerminalMessages["doctor"]["source"]) =>
  doctorWords(`source.${source}`);

/** What is said of a setting that nobody set. */
export const notSet = () => doctorWords("notSet");
