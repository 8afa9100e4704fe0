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
 * Passes on an informational answer, as far as Node.js can write it: 102, and the links of early hints
 * (RFC 8297). Clients of HTTP/1.0 know none (RFC 9110 §15.2).
 *
 * @param sides by which the links are told in the caller's words; null leaves them as they are
 */
export function passInterim(
  status: number,
  raw: readonly Buffer[],
  response: ServerResponse,
  sides: BothSides | null,
): void {
  if (response.req.httpVersion !== "1.1") return;
  if (status === 102) response.writeProcessing();
  if (status !== 103) return;
  const links = linesOf(raw).filter(([name]) => name === "link");
  const link = (sides ? withCallerUrls(links, sides) : links).map(([, value]) => value);
  try {
    if (link.length > 0) response.writeEarlyHints({ link });
  } catch {
    // A link it does not accept; nothing depends on hints.
  }
}
