import { mergedName } from "@/lib/domain/forwarded-headers";
import { clientTokenHeader } from "@/lib/domain/token-format";
import { type HeaderList, headerField, valuesOf } from "../headers";

/** The header in which the account's token always counts, in lower case. */
export const headerName = clientTokenHeader.toLowerCase();

const bearer = /^[ \t]*bearer[ \t]+/i;
/** What begins like a token of ours is meant as one; anything else in another header is the upstream's business. */
const ours = /(?:^|[\s,;:="])lkc_/i;

/** The account's token in the value of another header, without the scheme in front. */
function tokenIn(value: string): string[] {
  return ours.test(value) ? [value.replace(bearer, "").trim()] : [];
}

/** True for a value of a service's token header in which a caller sent us a token: it must not go on, whatever it is worth. */
export const holdsToken = (value: string): boolean => ours.test(value);

/**
 * The values that count as the account's token: those of `Client-Token`, and of a service's other header those that look
 * like one. The same in both counts once; two different ones are two lines, which nobody may send.
 */
export function tokenLines(headers: HeaderList, tokenHeader: string | null): readonly string[] {
  const lines = valuesOf(headers, headerName);
  if (tokenHeader === null) return lines;
  const wanted = mergedName(tokenHeader);
  const others: string[] = [];
  for (let at = 0; at < headers.length; at += 2)
    if (headerField(headers[at] ?? "").merged === wanted) others.push(...tokenIn(headers[at + 1] ?? ""));
  if (others.length === 0) return lines;
  if (lines.length === 0 && others.length === 1) return others;
  const said = lines.filter((line) => line.trim() !== "");
  return [...new Set([...said.map((line) => line.trim()), ...others]), ...said.slice(1)];
}
