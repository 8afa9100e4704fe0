import { agentProduct, readUserAgent, userAgentMaxLength } from "@/lib/domain/user-agent";

/** A copy that does not keep alive the longer text it was cut from, as the engine's substrings do. */
export function detachedCopy(text: string): string {
  return Buffer.from(text).toString();
}

const mostRemembered = 1000;

/**
 * Remembers results of a pure function, so that each distinct text is worked out, and held in memory, once:
 * real callers send few. Holds those of the present and of the past round, 1,000 each, so that a flood of
 * distinct ones neither grows nor empties it.
 *
 * @param longest arguments with more characters than this are not remembered
 */
export function memoized<T>(compute: (text: string) => T, longest: number): (text: string) => T {
  let present = new Map<string, T>();
  let past = new Map<string, T>();
  return (text) => {
    if (text.length > longest) return compute(text);
    const found = present.get(text);
    if (found !== undefined) return found;
    const value = past.get(text) ?? compute(text);
    if (present.size >= mostRemembered) {
      past = present;
      present = new Map();
    }
    present.set(detachedCopy(text), value);
    return value;
  };
}

/** A `User-Agent` header in the two forms that are kept. */
export interface UserAgent {
  /** As sent; empty when there was none, null when it is too long to be remembered. */
  readonly sent: string | null;
  readonly product: string;
  readonly userAgent: string;
}

/** What a request without the header has. */
export const noUserAgent: UserAgent = { sent: "", product: "", userAgent: "" };

function read(sent: string): UserAgent {
  const userAgent = detachedCopy(readUserAgent(sent));
  const isRemembered = sent.length <= userAgentMaxLength;
  return { sent: isRemembered ? detachedCopy(sent) : null, product: agentProduct(userAgent), userAgent };
}

/** Reads user agents, each distinct one once. */
export function createUserAgentReader(): (sent: string) => UserAgent {
  const known = memoized(read, userAgentMaxLength);
  return (sent) => (sent === "" ? noUserAgent : known(sent));
}
