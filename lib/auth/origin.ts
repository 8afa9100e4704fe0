import { headers } from "next/headers";
import type { Origin } from "@/lib/domain/actor";
import { seenText } from "@/lib/domain/seen-text";
import { clientAddress, type HeaderReader } from "@/lib/net/client-address";
import { pageHeader } from "./page-header";
import { pageTemplate } from "./page-template";

/** Longest user agent that is kept, in characters. */
const userAgentMaxLength = 512;

/** Where a request with these headers came from. Without a known address all share one: limits still hold. */
export function originOf(headers: HeaderReader): Origin {
  return {
    address: clientAddress(headers) ?? "unknown",
    userAgent: seenText((headers.get("user-agent") ?? "").slice(0, userAgentMaxLength)),
  };
}

/** Where the current request came from. */
export async function requestOrigin(): Promise<Origin> {
  return originOf(await headers());
}

/** What a line of the log says of a refused request: nothing that its sender has chosen. */
export interface Asked {
  readonly address: string;
  /** The page or route, as its template. */
  readonly page: string;
}

/** What the log may say of a request with these headers, as proxy.ts has passed them on. */
export function askedOf(headers: HeaderReader): Asked {
  return { address: originOf(headers).address, page: pageTemplate(headers.get(pageHeader) ?? "") };
}
