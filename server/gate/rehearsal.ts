import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { buildConnector, Pool } from "undici";
import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { compileAddressList } from "@/lib/domain/address-list";
import { type InstancePolicy, packDigest } from "@/lib/domain/gate";
import { instanceBase } from "@/lib/domain/instance-url";
import {
  clientTokenHeader,
  formatClientToken,
  newInstanceId,
  newInstanceToken,
} from "@/lib/domain/token-format";
import { type NodeGate, serveNode } from "@/lib/gate/doors/node";
import { CallerAggregator } from "@/lib/gate/observe/caller-aggregator";
import { UpstreamPools } from "@/lib/gate/proxy/pools";
import { watchingAnswers } from "@/lib/gate/proxy/upstream-socket";
import { drain, listen } from "../http/listen";
import { createStrictServer, rejectInvalidHeads } from "../http/request-head";
import { UpgradableRequest } from "./router";

const loopback = "127.0.0.1";
const connections = 8;
/** Enough for the engine to have compiled what every request runs through; a slow machine stops sooner. */
const requests = 300;
const withinMs = 1000;

/** An instance of nobody's, and how it is called. */
function someInstance(upstreamUrl: string) {
  const [instanceId, instanceToken] = [newInstanceId(randomBytes), newInstanceToken(randomBytes)];
  const clientToken = formatClientToken(randomBytes(32));
  const policy: InstancePolicy = {
    key: instanceId,
    instanceId,
    accountId: "rehearsal",
    tokenDigest: packDigest(instanceTokenDigest(instanceToken)),
    paused: false,
    enforcement: "on",
    enforced: true,
    graceUntil: null,
    known: null,
    addressMode: "off",
    addresses: compileAddressList([]),
    tokens: [{ state: "current", digest: clientTokenDigest(clientToken), retireAt: null }],
    endpoints: null,
    upstreamUrl,
    headersSealed: null,
    firstByteSeconds: null,
    serviceId: null,
    serviceHeadersSealed: null,
    answerStyle: "documented",
    epoch: 0n,
  };
  return { policy, path: `${instanceBase({ instanceId, instanceToken })}/rehearsal`, clientToken };
}

/**
 * Serves some hundred requests of its own, half of them rejected, through the code that serves everybody's, before the
 * port is open. The first requests of a process take a hundred times as long as the later ones, because their code is
 * compiled meanwhile; under load, whoever comes first would wait behind them, at every deploy.
 *
 * Instance, tokens and upstream are made for it, and it counts nowhere. Takes a second at most. Never rejects: a gate that
 * could not rehearse is slow at first.
 *
 * @returns how many answers of each status there were
 */
export async function rehearse({
  bodies,
  now,
  tunnels,
}: Pick<NodeGate, "bodies" | "now" | "tunnels">): Promise<ReadonlyMap<number, number>> {
  const upstream = createServer((_request, response) => response.end("{}"));
  const pools = new UpstreamPools({
    connect: watchingAnswers(buildConnector({ timeout: withinMs, allowH2: false })),
    connections,
    headersTimeoutMs: withinMs,
    bodyTimeoutMs: withinMs,
  });
  const statistics = new CallerAggregator();
  const answers = new Map<number, number>();
  const isRejected = rejectInvalidHeads(() => {});
  const gate: NodeGate = {
    readPolicy: (key) => (key === policy?.key ? policy : null),
    bodies,
    now,
    ownHostName: null,
    log: { info() {}, error() {}, admits: () => false },
    pools,
    tunnels,
    observe: (event) => statistics.record(event),
    served() {},
  };
  let policy: InstancePolicy | undefined;
  const server = createStrictServer(
    { IncomingMessage: UpgradableRequest, noDelay: true },
    (incoming, response) => {
      if (!isRejected(incoming, response)) serveNode(gate, incoming, response, false);
    },
  );
  let caller: Pool | undefined;
  try {
    const instance = someInstance(`http://${loopback}:${await listen(upstream, 0, loopback)}`);
    policy = instance.policy;
    const pool = new Pool(`http://${loopback}:${await listen(server, 0, loopback)}`, { connections });
    caller = pool;
    const until = performance.now() + withinMs;
    let sent = 0;
    const call = async () => {
      while (sent < requests && performance.now() < until) {
        const headers = sent++ % 2 === 0 ? { [clientTokenHeader]: instance.clientToken } : {};
        const { statusCode, body } = await pool.request({ method: "GET", path: instance.path, headers });
        await body.dump();
        answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: connections }, call));
  } catch {
    // Nobody waits for these answers.
  } finally {
    await Promise.allSettled([caller?.destroy(), drain(server, 0), drain(upstream, 0), pools.close()]);
  }
  return answers;
}
