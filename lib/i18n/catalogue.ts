import en from "./messages/en/index";

/** The shape of a catalogue; the compiler checks its keys wherever one is used. */
export type Messages = typeof en;

/** All sentences by language. A further language is a folder beside `messages/en` and a line here. */
export const catalogues = { en } satisfies Readonly<Record<string, Messages>>;

type Language = keyof typeof catalogues;

function isLanguage(value: string): value is Language {
  return Object.hasOwn(catalogues, value);
}

/**
 * Picks the locale for words, dates and numbers from an Accept-Language header: the reader's first choice
 * whose language the catalogue has, region kept (`en-GB` writes dates as the British do). Never throws.
 */
export function negotiateLocale(acceptLanguage: string | null): { locale: string; language: Language } {
  for (const tag of preferred(acceptLanguage ?? "")) {
    const locale = canonical(tag);
    if (locale && isLanguage(locale.language)) return { locale: locale.baseName, language: locale.language };
  }
  return { locale: "en", language: "en" };
}

function preferred(header: string): string[] {
  return header
    .slice(0, 500)
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== "" && tag !== "*" && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

function canonical(tag: string): Intl.Locale | null {
  try {
    const { language, region } = new Intl.Locale(tag);
    return region ? new Intl.Locale(language, { region }) : new Intl.Locale(language);
  } catch {
    return null;
  }
}
