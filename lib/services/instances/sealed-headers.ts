import { z } from "zod";
import { seal, unseal } from "@/lib/crypto/sealed-box";

/** One request header that is added before forwarding: name and value. */
export type HeaderPair = readonly [name: string, value: string];

const pairs = z.array(z.tuple([z.string(), z.string()]));

const contextOf = (instanceId: string): string => `instance:${instanceId}:headers`;

/** Seals an instance's upstream headers; null when there are none. */
export function sealHeaders(instanceId: string, headers: readonly HeaderPair[]): string | null {
  return headers.length === 0 ? null : seal(JSON.stringify(headers), contextOf(instanceId));
}

/** Opens what `sealHeaders` made. */
export function openHeaders(instanceId: string, sealed: string | null): HeaderPair[] {
  return sealed === null ? [] : pairs.parse(JSON.parse(unseal(sealed, contextOf(instanceId))));
}
