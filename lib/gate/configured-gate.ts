import { config } from "@/lib/config";
import { readPolicy } from "@/lib/db/policy";
import { upstreamConnector } from "../net/safe-connect";
import type { Gate } from "./doors/next";
import { createGateLog } from "./log";
import { processStatistics } from "./observe/statistics-writer";
import { UpstreamPools } from "./proxy/pools";
import { watchingAnswers } from "./proxy/upstream-socket";

function createGate(): Gate {
  const { allowPrivateUpstreams, connectTimeoutMs, headersTimeoutMs, idleTimeoutMs } = config();
  const { gateHostName, upstreamConnections } = config();
  const connect = upstreamConnector({ allowPrivate: allowPrivateUpstreams, timeoutMs: connectTimeoutMs });
  return {
    readPolicy,
    pools: new UpstreamPools({
      connect: watchingAnswers(connect),
      connections: upstreamConnections,
      headersTimeoutMs,
      bodyTimeoutMs: idleTimeoutMs,
    }),
    now: () => new Date(),
    ownHostName: gateHostName,
    log: createGateLog(),
    observe: (event) => processStatistics().record(event),
  };
}

// `next dev` reloads modules; connections to upstreams must outlive them.
const shared = globalThis as typeof globalThis & { latchkeyGate?: Gate };

/** The gate of this process, made from the configuration on first use. */
export function configuredGate(): Gate {
  shared.latchkeyGate ??= createGate();
  return shared.latchkeyGate;
}
