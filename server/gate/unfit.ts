import type { IncomingMessage } from "node:http";

/** Why a request is refused before anybody looks at what it asks for. */
export interface Unfit {
  readonly status: 400 | 501 | 505;
  readonly error: string;
}

const version: Unfit = { status: 505, error: "HTTP version not supported" };
const host: Unfit = { status: 400, error: "Exactly one Host is needed" };
const coding: Unfit = { status: 501, error: "Transfer coding not supported" };

/**
 * Finds what node:http lets through though two servers could read it differently: HTTP/0.9, no or several
 * hosts (RFC 9112 §3.2), and codings beside chunked, which would pass as content (§6.1).
 */
export function unfitness({ httpVersion, rawHeaders }: IncomingMessage): Unfit | null {
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return version;
  let hosts = 0;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 4) {
      if (name.toLowerCase() === "host") hosts++;
    } else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") {
      if (rawHeaders[at + 1]?.trim().toLowerCase() !== "chunked") return coding;
    }
  }
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0") ? null : host;
}
