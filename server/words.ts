import { createRequire } from "node:module";
import type * as UseIntl from "use-intl/core";
import type { Finding } from "@/lib/domain/doctor";
import { inWords, type Told, wordedValues } from "@/lib/domain/told";
import { type TerminalMessages, terminalWords } from "@/lib/i18n/terminal";

const require = createRequire(import.meta.url);

/**
 * The words of a catalogue. What puts them together is loaded with the first of them: a gate's processes, which say none
 * while they work, would each hold 14 MB for it.
 */
function wordsOfCatalogue<N extends keyof TerminalMessages>(namespace: N) {
  const make = () => {
    const { createTranslator } = require("use-intl/core") as typeof UseIntl;
    return createTranslator({ ...terminalWords(process.env), timeZone: "UTC", namespace });
  };
  type Words = ReturnType<typeof make>;
  let made: Words | undefined;
  const words = () => {
    made ??= make();
    return made;
  };
  const said = (...args: Parameters<Words>) => words()(...args);
  return Object.assign(said, {
    has: (key: Parameters<Words["has"]>[0]) => words().has(key),
  }) as unknown as Words;
}

/** Every command of `latchkey`; some come later than others. */
export type CommandName = keyof TerminalMessages["command"]["commands"];

/** The words of the command line. */
export const words = wordsOfCatalogue("command");

/** Those of the commands that back up, restore, move and put under another secret. */
export const keepWords = wordsOfCatalogue("keep");

const failureWords = wordsOfCatalogue("failure");

type FailureKey = Parameters<typeof failureWords>[0];

/** A sentence of the catalogue `failure`. */
export function failure(key: FailureKey, values: Told["values"] = {}): Told {
  return { key, values };
}

// The compiler cannot know the keys of sentences within sentences; a test words every one.
const say = (key: string, values: Told["values"]) => failureWords(key as FailureKey, values as never);

/** A sentence in the language of this terminal. */
export const wordsOf = (told: Told) => inWords(told, say);

const doctorWords = wordsOfCatalogue("doctor");

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
