import { agentProduct, cleanUserAgent, userAgentMaxLength } from "@/lib/domain/user-agent";
import { ownCopy } from "./own-copy";
import { remembering } from "./remembering";

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

/** Reads user agents, each distinct one once. */
export function createAgentReader(): (raw: string | null) => Agent {
  const known = remembering(read, { longest: userAgentMaxLength });
  return (raw) => (raw ? known(raw) : none);
}
