import { agentProduct, cleanUserAgent, userAgentMaxLength } from "@/lib/domain/user-agent";
import { ownCopy } from "./own-copy";
import { remembering } from "./remembering";

/** A user agent in the two forms that are kept. */
export interface Agent {
  readonly product: string;
  readonly userAgent: string;
}

const none: Agent = { product: "", userAgent: "" };

/** Bytes that are looked at: enough for the characters that are kept. */
const mostBytes = 4 * userAgentMaxLength;

/**
 * A header is given one character a byte (RFC 9110 §5.5), and clients that send more than ASCII send UTF-8; what is
 * not valid UTF-8 stays as it is.
 */
function decoded(raw: string): string {
  const bytes = raw.slice(0, mostBytes);
  if (!/[\x80-\xff]/.test(bytes) || /[^\0-\xff]/.test(bytes)) return bytes;
  try {
    // The last character may have been cut.
    const decoder = new TextDecoder("utf-8", { fatal: true });
    return decoder.decode(Buffer.from(bytes, "latin1"), { stream: raw.length > mostBytes });
  } catch {
    return bytes;
  }
}

function read(raw: string): Agent {
  const userAgent = ownCopy(cleanUserAgent(decoded(raw)));
  return { product: ownCopy(agentProduct(userAgent)), userAgent };
}

/** Reads user agents, each distinct one once. */
export function createAgentReader(): (raw: string | null) => Agent {
  const known = remembering(read, { longest: userAgentMaxLength });
  return (raw) => (raw ? known(raw) : none);
}
