import { Agent } from "undici";
import { config } from "@/lib/config";
import { readPolicy } from "@/lib/db/policy";
import { upstreamConnector } from "../net/safe-connect";
import type { Gate } from "./doors/next";
import { createGateLog } from "./log";
import { processObserver } from "./observe/observer";
import { mostHeadBytes } from "./proxy/upstream";
import { watchingAnswers } from "./proxy/upstream-socket";

function createGate(): Gate {
  const { allowPrivateUpstreams, connectTimeoutMs, headersTimeoutMs, idleTimeoutMs, gateHostName } = config();
  const connect = upstreamConnector({ allowPrivate: allowPrivateUpstreams, timeoutMs: connectTimeoutMs });
  return {
    readPolicy,
    dispatcher: new Agent({
      connect: watchingAnswers(connect),
      maxHeaderSize: mostHeadBytes,
      headersTimeout: headersTimeoutMs,
      bodyTimeout: idleTimeoutMs,
    }),
    now: () => new Date(),
    ownHostName: gateHostName,
    log: createGateLog(),
    observe: (observation) => processObserver().record(observation),
  };
}

// `next dev` reloads modules; connections to upstreams must outlive them.
const shared = globalThis as typeof globalThis & { latchkeyGate?: Gate };

/** The gate of this process, made from the configuration on first use. */
export function configuredGate(): Gate {
  shared.latchkeyGate ??= createGate();
  return shared.latchkeyGate;
}
