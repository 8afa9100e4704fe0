/** What a sentence names: as it is, another sentence, or several of them, one a line and indented from the second on. */
type ToldValue = string | number | Told | readonly Told[];

/**
 * A sentence of the catalogue `failure`, by its key. It is put into words where somebody reads it, so that the terminal
 * and the dashboard each tell it in their own language.
 */
export interface Told {
  readonly key: string;
  /** What it names; never a secret. */
  readonly values: Readonly<Record<string, ToldValue>>;
}

/** Puts a sentence of the catalogue into words. */
type Say = (key: string, values: Readonly<Record<string, string | number>>) => string;

/** A sentence in words, with every sentence that it names. */
export function inWords({ key, values }: Told, say: Say): string {
  return say(key, wordedValues(values, say));
}

/** Values as a message takes them: the sentences among them in words. */
export function wordedValues(values: Told["values"], say: Say): Readonly<Record<string, string | number>> {
  const worded = (value: ToldValue): string | number => {
    if (typeof value !== "object") return value;
    return "key" in value ? inWords(value, say) : value.map((each) => inWords(each, say)).join("\n  ");
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, worded(value)]));
}
