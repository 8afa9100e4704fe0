import { type Language, languages } from "@/lib/domain/preferences";

/** How dates and numbers are written, and in which language the words are. */
interface Negotiated {
  /** BCP 47; as `lang` of the page it says in which language the words are, too. */
  readonly locale: string;
  readonly language: Language;
}

/**
 * Picks language and locale of a page. The region that the reader's browser names is kept (`en-GB` writes dates as the
 * British do, `es-MX` numbers as the Mexicans do), unless the words are of one region, as those in Portuguese are.
 * Languages that nobody translated into are passed over; English is what is left. Never throws.
 *
 * @param acceptLanguage the request's Accept-Language (RFC 9110 §12.5.4)
 * @param chosen the language that the reader chose, which counts before it
 */
export function negotiateLocale(acceptLanguage: string | null, chosen: Language | null = null): Negotiated {
  const wanted = preferred(acceptLanguage ?? "").flatMap((tag) => canonical(tag) ?? []);
  for (const { language: code, baseName } of wanted) {
    const language = languages.find((each) => new Intl.Locale(each).language === code);
    if (language && (chosen === null || chosen === language)) {
      return { language, locale: language.includes("-") ? language : baseName };
    }
  }
  const language = chosen ?? "en";
  return { language, locale: language };
}

/** Nobody reads more languages than that; a longer list is somebody's trick. */
const mostTags = 20;

/** The tags of the header, the reader's first choice first. */
function preferred(header: string): string[] {
  return header
    .slice(0, 500)
    .split(",", mostTags)
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== "" && tag !== "*" && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

/** Language and region of a tag, in their canonical form: `por_BR` is none, `spa-mx` is `es-MX`. */
function canonical(tag: string): Intl.Locale | null {
  try {
    const { language, region } = new Intl.Locale(tag);
    return region ? new Intl.Locale(language, { region }) : new Intl.Locale(language);
  } catch {
    return null;
  }
}
