import { z } from "zod";
import { unseal } from "@/lib/crypto/sealed-box";
import { type HeaderLine, isOurField, mergedName } from "@/lib/domain/forwarded-headers";
import type { InstancePolicy } from "@/lib/domain/gate";
import { endToEnd, tokenPattern } from "./header-lines";

/** An instance's own request headers, ready to be sent. */
export interface OwnHeaders {
  readonly lines: readonly HeaderLine[];
  /** The merged names that they replace. */
  readonly names: ReadonlySet<string>;
}

const pairs = z.array(z.tuple([z.string(), z.string()]));

/** The framing is made anew for the next connection; a configured header must not forge it. */
const framing: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

/** For what goes to no upstream. */
export const noOwnHeaders: OwnHeaders = { lines: [], names: new Set() };

/** Keeps those that may be sent. */
export function usableOwnHeaders(given: readonly HeaderLine[]): OwnHeaders {
  const lines = endToEnd(
    given.map(([name, value]): HeaderLine => [name.toLowerCase(), value]),
    (merged, [name]) => tokenPattern.test(name) && !framing.has(merged) && !isOurField(merged),
  );
  return { lines, names: new Set(lines.map(([name]) => mergedName(name))) };
}

const opened = new WeakMap<InstancePolicy, OwnHeaders>();

/**
 * Opens an instance's own request headers; once for each policy that was read.
 *
 * @throws Error when they were sealed with another secret or altered; the request must not go without them
 */
export function openOwnHeaders(policy: InstancePolicy): OwnHeaders {
  if (policy.headersSealed === null) return noOwnHeaders;
  let own = opened.get(policy);
  if (!own) {
    const text = unseal(policy.headersSealed, `instance:${policy.instanceId}:headers`);
    own = usableOwnHeaders(pairs.parse(JSON.parse(text)));
    opened.set(policy, own);
  }
  return own;
}
