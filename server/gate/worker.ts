import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { buildConnector } from "undici";
import type { Config } from "@/lib/config";
import { readEpochs } from "@/lib/db/epoch";
import { openConfirmationStore } from "@/lib/db/gate-confirmations";
import { listenForEpochs } from "@/lib/db/listener";
import { readLatelyCalled, readPolicies, wereCalled } from "@/lib/db/policy";
import { readDirectoryEpochs, readDirectoryParts } from "@/lib/db/services";
import { Confirmations } from "@/lib/gate/confirmations";
import type { NodeGate } from "@/lib/gate/doors/node";
import { BodyMemory } from "@/lib/gate/held-body";
import { ClockWatch, createGateLog, failureFacts, type GateLog, logRateLimited } from "@/lib/gate/log";
import type { CallerEvent } from "@/lib/gate/observe/caller-event";
import { closeProcessStatistics, processStatistics } from "@/lib/gate/observe/statistics-writer";
import { oldestPolicyMs, PolicyCache } from "@/lib/gate/policy/cache";
import { HostDirectory } from "@/lib/gate/policy/host-directory";
import { UpstreamPools } from "@/lib/gate/proxy/pools";
import { watchingAnswers } from "@/lib/gate/proxy/upstream-socket";
import { Tunnels } from "@/lib/gate/websocket/tunnel";
import { trustedProxies } from "@/lib/net/client-address";
import { upstreamConnector } from "@/lib/net/safe-connect";
import type { Readiness } from "../http/answers";
import { drain, listen } from "../http/listen";
import { createStrictServer } from "../http/request-head";
import { SeenPeers } from "../http/seen-peers";
import { waitUntil } from "../processes";
import { followKeys, type KeyFollower, loadKeysAtStart } from "../secret/keyring";
import { EventStreams } from "./dashboard-proxy";
import { GateMetrics, type MetricFamily } from "./metrics";
import { monotonicDate } from "./monotonic-clock";
import { rehearse } from "./rehearsal";
import { isUnderInstanceHost, requestRouter, UpgradableRequest, upgradeRouter } from "./router";

/** One process that serves, or the part of this one that does. */
export interface GateWorker {
  readonly port: number;
  readiness(): Readiness | Promise<Readiness>;
  metrics(): Promise<readonly MetricFamily[]>;
  /** Stops taking connections, finishes what runs, and lets go of everything. */
  drain(): Promise<void>;
}

const checkConnectionsMs = 2000;
const longestHeartbeatMs = 5000;
const dashboardConnections = 256;
const firstContactMs = 3000;
const warmUpMs = 5000;
/** What was announced and never heard of is found after this time. */
const compareDirectoryMs = 30_000;

function poolsOf(config: Config): UpstreamPools {
  const { allowPrivateUpstreams, connectTimeoutMs, headersTimeoutMs, idleTimeoutMs } = config;
  const connect = upstreamConnector({ allowPrivate: allowPrivateUpstreams, timeoutMs: connectTimeoutMs });
  return new UpstreamPools({
    connect: watchingAnswers(connect),
    connections: config.upstreamConnections,
    headersTimeoutMs,
    bodyTimeoutMs: idleTimeoutMs,
  });
}

function dashboardOf({ gate, connectTimeoutMs, idleTimeoutMs }: Config) {
  if (gate.dashboardUrl === undefined) return null;
  const connect = watchingAnswers(buildConnector({ timeout: connectTimeoutMs, allowH2: false }));
  const timeouts = { headersTimeoutMs: idleTimeoutMs, bodyTimeoutMs: idleTimeoutMs };
  const pools = new UpstreamPools({ connect, connections: dashboardConnections, ...timeouts });
  return { origin: gate.dashboardUrl, pools, streams: new EventStreams() };
}

function cacheOf(
  { gate }: Config,
  keys: KeyFollower,
  onChange: (accountId: string | null) => void,
): PolicyCache {
  return new PolicyCache({
    // Digests are worth something only together with the keys that they were made with.
    readMany: (wanted) => keys.loaded().then(() => readPolicies(wanted)),
    readEpochs,
    // Whole milliseconds: the engine keeps them in the policy's own object, three for each.
    now: () => Math.trunc(performance.now()),
    maxStalenessMs: gate.maxStalenessMs,
    mostInstances: gate.maxCachedInstances,
    onChange,
  });
}

function directoryOf({ gate, ownHostNames }: Config): HostDirectory {
  return new HostDirectory({
    readParts: readDirectoryParts,
    readEpochs: () => readDirectoryEpochs(),
    domain: gate.domain,
    ownNames: ownHostNames,
  });
}

/** Starts to serve. @throws StartError when the port cannot be had, or the secret is the wrong one */
export async function startWorker(config: Config, membership: GateMembership): Promise<GateWorker> {
  keepHeapSmall();
  await loadKeysAtStart();
  const { gate: settings } = config;
  let stopping = false;
  const log = createGateLog();
  const clock = new ClockWatch(log);
  const confirmations = confirmationsOf(config, membership, clock, log);
  const keys = followKeys((error) =>
    logRateLimited(log, "error", "keys", () => failureFacts(error), "the keys could not be read again"),
  );
  const cache = cacheOf(config, keys, (accountId) => tunnels.judge(accountId));
  const readPolicy = (key: string) => cache.read(key);
  const directory = directoryOf(config);
  // Longer than any policy counts that was read before the clock was set back.
  const now = monotonicDate(Math.max(oldestPolicyMs, settings.maxStalenessMs));
  const statistics = processStatistics();
  const observe = (event: CallerEvent) => statistics.record(event);
  const bodies = new BodyMemory({ largestBytes: settings.namingBodyBytes });
  const judge = { readPolicy, bodies, directory, now, log, observe };
  const tunnels = new Tunnels(judge);
  const compareDirectory = () =>
    directory
      .compare()
      .catch((error: unknown) =>
        logRateLimited(log, "error", "directory", () => failureFacts(error), "host names could not be read"),
      );
  const comparing = setInterval(compareDirectory, compareDirectoryMs).unref();
  const announcements = listenForEpochs(
    {
      announced: (accountId, epoch) => {
        cache.announced(accountId, epoch);
        directory.announced(accountId, epoch);
        confirmations.note(accountId, epoch);
      },
      connected: (snapshot) => {
        void Promise.all([cache.connected(), compareDirectory()]).then(
          ([caughtUp]) => caughtUp && confirmations.caughtUp(snapshot),
        );
      },
      alive: () => cache.alive(),
      clock: (reading) => clock.compared(reading),
      lost: () => cache.lost(),
    },
    Math.min(longestHeartbeatMs, settings.maxStalenessMs / 3),
  );
  const pools = poolsOf(config);
  const dashboard = dashboardOf(config);
  const metrics = new GateMetrics({
    cache,
    confirmations,
    clock,
    pools,
    tunnels,
    bodies,
    connections: () => connections(),
  });
  const readiness = (): Readiness => (stopping ? "stopping" : cache.ready ? "ready" : "database");
  const gate: NodeGate = {
    ...judge,
    ownHostName: config.gateHostName,
    pools,
    tunnels,
    served: (served) => metrics.count(served),
  };
  const seen = new SeenPeers(trustedProxies());
  const parts = { gate, dashboard, places: config, readiness, seen };
  UpgradableRequest.isInstances = (incoming) => isUnderInstanceHost(gate, incoming);
  const handle = requestRouter(parts);
  const server = createStrictServer(
    {
      IncomingMessage: UpgradableRequest,
      headersTimeout: settings.headersTimeoutMs,
      keepAliveTimeout: settings.keepAliveMs,
      connectionsCheckingInterval: checkConnectionsMs,
      noDelay: true,
    },
    (incoming: IncomingMessage, response: ServerResponse) => handle(incoming, response, false),
  );
  server.on("checkContinue", (incoming, response) => handle(incoming, response, true));
  server.on("upgrade", upgradeRouter(parts));
  closeSilent(server, settings.idleTimeoutMs);
  server.maxConnections = settings.maxConnections;
  const connections = () =>
    new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
  // Without it, the first requests would be answered 503; a database that is away must not keep us, though.
  await compareDirectory();
  if (await waitUntil(() => cache.ready, { withinMs: firstContactMs })) {
    // Nobody waits at a gate that nobody calls.
    const rehearsed = wereCalled().then((were) => (were ? rehearse(gate) : null));
    await Promise.allSettled([cache.warmUp(readLatelyCalled, warmUpMs), rehearsed]);
  }
  const port = await listen(server, config.port, config.host);
  return {
    port,
    readiness,
    metrics: () => metrics.collect(),
    async drain() {
      stopping = true;
      // Whoever is in front learns from /readyz that this gate leaves, and sends the next requests elsewhere.
      await sleep(settings.shutdownDelayMs);
      clearInterval(comparing);
      tunnels.close();
      dashboard?.streams.close();
      const left = confirmations.leave();
      await drain(server, settings.drainMs);
      await Promise.all([closeProcessStatistics(), seen.close()]);
      await Promise.all([left, announcements.close(), keys.close(), pools.close(), dashboard?.pools.close()]);
    },
  };
}

/** Which gate a process belongs to. */
interface GateMembership {
  readonly gateId: string;
  /** Process id of the gate's first process. */
  readonly leadPid: number;
}

/** What this process reports of itself, and the way it does. */
function confirmationsOf(
  { gate }: Config,
  { gateId, leadPid }: GateMembership,
  clock: ClockWatch,
  log: GateLog,
): Confirmations {
  const { maxStalenessMs: stalenessMs } = gate;
  const node = { id: randomUUID(), gateId, host: hostname(), pid: process.pid, leadPid, stalenessMs };
  return new Confirmations({
    store: openConfirmationStore(node),
    now: () => performance.now(),
    clockAheadMs: () => clock.offMs,
    onFailure: (error) => {
      logRateLimited(
        log,
        "error",
        "confirmations",
        () => failureFacts(error),
        "what is applied could not be reported",
      );
    },
  });
}

/**
 * By default the engine lets a heap grow to several times what is alive before it looks for what is not. A
 * gate that holds a hundred thousand policies would take half a gigabyte of mostly nothing; so it is looked
 * for when a fifth has been added, a few times a minute.
 */
function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=20");
}

const looksPerTimeout = 4;

/**
 * Closes connections on which nothing has moved for a time, in either direction: clients that stop in the
 * middle of a body, or stop reading. A sweep over all of them costs less than a timer that every read and
 * write sets back; a connection may live a quarter longer for it.
 */
function closeSilent(server: Server, afterMs: number): void {
  const seen = new Map<Socket, { bytes: number; looks: number }>();
  server.on("connection", (socket: Socket) => {
    seen.set(socket, { bytes: 0, looks: 0 });
    socket.once("close", () => seen.delete(socket));
  });
  const sweep = setInterval(() => {
    for (const [socket, state] of seen) {
      const bytes = socket.bytesRead + socket.bytesWritten;
      if (bytes !== state.bytes) {
        state.bytes = bytes;
        state.looks = 0;
      } else if (++state.looks > looksPerTimeout) {
        socket.destroy();
      }
    }
  }, afterMs / looksPerTimeout).unref();
  server.once("close", () => clearInterval(sweep));
}
