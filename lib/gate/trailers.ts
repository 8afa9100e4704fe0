import { type HeaderLine, mergedName } from "@/lib/domain/forwarded-headers";
import { valuesOf } from "./header-lines";
import { type AnswerOptions, passingFields } from "./response-headers";

/** Fields that must not come after a body, because they had to be acted on before it (RFC 9110 §6.5.1). */
const headOnly: ReadonlySet<string> = new Set([
  "authorization",
  "cache-control",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "host",
  "location",
  "set-cookie",
  "vary",
  "www-authenticate",
]);

/** True when a client said that it reads trailers (`TE: trailers`, RFC 9110 §10.1.4). */
function readsTrailers(requestHeaders: readonly HeaderLine[]): boolean {
  return valuesOf(requestHeaders, "te").some((value) => /(?:^|,)\s*trailers\s*(?:$|[,;])/i.test(value));
}

/** Which of an upstream's trailer fields a client gets: those it could have got as headers, if it wants any. */
export function clientTrailers(
  requestHeaders: readonly HeaderLine[],
  lines: readonly HeaderLine[],
  options: AnswerOptions,
): readonly HeaderLine[] {
  if (!readsTrailers(requestHeaders)) return [];
  const usable = lines.filter(([name]) => !headOnly.has(mergedName(name)));
  return passingFields(usable, options);
}
