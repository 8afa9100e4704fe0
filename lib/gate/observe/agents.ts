import { agentProduct, cleanUserAgent, userAgentMaxLength } from "@/lib/domain/user-agent";
import { ownCopy } from "./own-copy";

/** A user agent in the two forms that are kept. */
export interface Agent {
  readonly product: string;
  readonly userAgent: string;
}

const none: Agent = { product: "", userAgent: "" };

function read(raw: string): Agent {
  const userAgent = ownCopy(cleanUserAgent(raw));
  return { product: ownCopy(agentProduct(userAgent)), userAgent };
}

/**
 * Reads user agents, each distinct one once: real callers send few. Remembers at most twice `size`, those of
 * the present and those of the past round, so that a flood of distinct ones neither grows nor empties it.
 */
export function createAgentReader(size = 1000): (raw: string | null) => Agent {
  let present = new Map<string, Agent>();
  let past = new Map<string, Agent>();
  return (raw) => {
    if (!raw) return none;
    if (raw.length > userAgentMaxLength) return read(raw);
    const found = present.get(raw);
    if (found) return found;
    const agent = past.get(raw) ?? read(raw);
    if (present.size >= size) {
      past = present;
      present = new Map();
    }
    present.set(raw, agent);
    return agent;
  };
}
