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

/**
 * True for a line in which a caller sent us a token: it must not go on, whatever the token is worth.
 *
 * @param merged the merged name of the line
 */
export function holdsToken(merged: string, value: string, tokenHeader: string | null): boolean {
  return tokenHeader !== null && merged === mergedName(tokenHeader) && ours.test(value);
}

/**
 * The values that count as the account's token: those of `Client-Token`, and of a service's other header those that look
 * like one. The same in both counts once; two different ones are two lines, which nobody may send.
 */
export function tokenLines(headers: HeaderList, tokenHeader: string | null): readonly string[] {
  const lines = valuesOf(headers, headerName);
  if (tokenHeader === null) return lines;
  const others: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const { merged } = headerField(headers[at] ?? "");
    if (merged === mergedName(tokenHeader)) others.push(...tokenIn(headers[at + 1] ?? ""));
  }
  if (others.length === 0) return lines;
  const said = lines.filter((line) => line.trim() !== "");
  return [...new Set([...said.map((line) => line.trim()), ...others]), ...said.slice(1)];
}
