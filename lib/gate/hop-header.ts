import { timingSafeEqual } from "node:crypto";
import { keyFor } from "@/lib/crypto/keys";

/** The other end's address, as the process that took the connection saw it. */
export const peerHeader = "x-latchkey-peer";

/** The request target exactly as received; Next.js normalises the one it passes on. */
export const rawUrlHeader = "x-latchkey-raw-url";

/**
 * Writes a statement from one Latchkey process to the next: the hop key in hex, a space, the value. Only
 * processes that share `LATCHKEY_SECRET` can make one.
 */
export function hopHeader(value: string): string {
  return `${keyFor("internal-hop").toString("hex")} ${value}`;
}

/** Reads such a statement; null when it is missing or its key is not ours (compared in constant time). */
export function readHopHeader(header: string | null | undefined): string | null {
  const [, key, value] = /^([0-9a-f]{64}) (.+)$/s.exec(header ?? "") ?? [];
  if (key === undefined || value === undefined) return null;
  return timingSafeEqual(Buffer.from(key, "hex"), keyFor("internal-hop")) ? value : null;
}
