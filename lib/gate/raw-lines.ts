import type { ServerResponse } from "node:http";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { BothSides } from "@/lib/domain/reverse-url";
import { withCallerUrls } from "./answer-urls";

/** Pairs up a flat list of names and values as undici gives it to handlers; names in lower case. */
export function linesOf(raw: readonly Buffer[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 1; at < raw.length; at += 2) {
    const name = raw[at - 1]?.toString("latin1").toLowerCase() ?? "";
    lines.push([name, raw[at]?.toString("latin1") ?? ""]);
  }
  return lines;
}

/**
 * Passes on early hints (RFC 8297), as far as Node.js can write them: links, to clients of HTTP/1.1.
 *
 * @param sides by which the links are told in the caller's words; null leaves them as they are
 */
export function passHint(raw: readonly Buffer[], response: ServerResponse, sides: BothSides | null): void {
  const links = linesOf(raw).filter(([name]) => name === "link");
  const link = (sides ? withCallerUrls(links, sides) : links).map(([, value]) => value);
  try {
    if (link.length > 0 && response.req.httpVersion === "1.1") response.writeEarlyHints({ link });
  } catch {
    // A link it does not accept; nothing depends on hints.
  }
}
