import { BenchError } from "../bench-error";
import { caddy } from "./caddy";
import { express } from "./express";
import { fastify } from "./fastify";
import { gateAccepting } from "./gate-accepting";
import { gateForwarding } from "./gate-forwarding";
import { gateRejecting, gateRejectingLogged } from "./gate-rejecting";
import { haproxy } from "./haproxy";
import { nginx } from "./nginx";
import { nodeHttp } from "./node-http";
import type { Peer } from "./peer";
import { routeHandler } from "./route-handler";
import { undici } from "./undici";

/** Everything that can be measured, in the order of the table. */
export const allPeers: readonly Peer[] = [
  gateAccepting,
  gateRejecting,
  gateRejectingLogged,
  gateForwarding,
  routeHandler,
  nodeHttp,
  undici,
  fastify,
  express,
  caddy,
  nginx,
  haproxy,
];

/**
 * The peers with these names, or all of them.
 *
 * @throws BenchError for a name that there is not
 */
export function choosePeers(only: readonly string[] | null): readonly Peer[] {
  if (only === null) return allPeers;
  const unknown = only.find((name) => !allPeers.some((peer) => peer.name === name));
  if (unknown === undefined) return allPeers.filter((peer) => only.includes(peer.name));
  const known = allPeers.map((peer) => peer.name).join(", ");
  throw new BenchError(`there is no peer "${unknown}"; there are: ${known}`);
}
