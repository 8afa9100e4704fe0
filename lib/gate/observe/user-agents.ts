import { agentProduct, readUserAgent, userAgentMaxLength } from "@/lib/domain/user-agent";
import { detachedCopy, memoized } from "../memoized";

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
