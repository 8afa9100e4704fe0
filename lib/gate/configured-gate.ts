import { config } from "@/lib/config";
import { readPolicy } from "@/lib/db/policy";
import { readDirectoryEpochs, readDirectoryParts } from "@/lib/db/services";
import { hostName } from "@/lib/domain/service";
import { upstreamConnector } from "../net/safe-connect";
import type { Gate } from "./doors/next";
import { BodyMemory } from "./held-body";
import { createGateLog } from "./log";
import { processStatistics } from "./observe/statistics-writer";
import { HostDirectory } from "./policy/host-directory";
import { UpstreamPools } from "./proxy/pools";
import { watchingAnswers } from "./proxy/upstream-socket";

/**
 * What the database has about a host name, read for one request: this door has no memory that could be outdated.
 *
 * @throws Error when it cannot be read
 */
export async function readHostDirectory(host: string | null): Promise<HostDirectory> {
  const { gate, ownHostNames } = config();
  const name = host === null ? null : hostName(host);
  const directory = new HostDirectory({
    readParts: readDirectoryParts,
    readEpochs: () => readDirectoryEpochs(name),
    domain: gate.domain,
    ownNames: ownHostNames,
  });
  if (name !== null && !ownHostNames.has(name)) await directory.compare();
  return directory;
}

function createGate(): Gate {
  const { allowPrivateUpstreams, connectTimeoutMs, headersTimeoutMs, idleTimeoutMs } = config();
  const { gate, gateHostName, upstreamConnections } = config();
  const connect = upstreamConnector({ allowPrivate: allowPrivateUpstreams, timeoutMs: connectTimeoutMs });
  return {
    readPolicy,
    bodies: new BodyMemory({ largestBytes: gate.namingBodyBytes }),
    readDirectory: readHostDirectory,
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
