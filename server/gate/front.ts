import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { tellOften } from "@/lib/gate/log";
import { serveNode, upgradeNode } from "@/lib/gate/node-door";
import type { NodeGate } from "@/lib/gate/node-gate";
import { answerJson } from "../dashboard/answer";
import { isInstanceTarget } from "../dashboard/instance-target";
import { rawAnswer } from "../request-head";
import { type DashboardPlace, toDashboard } from "./to-dashboard";
import { type Unfit, unfitness, unfitRefuser } from "./unfit";

/** Why a gate cannot decide now; `ready` when it can. */
export type GateReadiness = "ready" | "stopping" | "database";

/** What stands behind the port. */
export interface FrontParts {
  readonly gate: NodeGate;
  /** null: this gate stands alone. */
  readonly dashboard: DashboardPlace | null;
  readonly readiness: () => GateReadiness;
}

/** Answers a readiness probe. */
export function answerReadiness(response: ServerResponse, readiness: GateReadiness): void {
  if (readiness === "ready") answerJson(response, 200, { status: "ready" });
  else answerJson(response, 503, { status: "unavailable", reason: readiness }, { "retry-after": "2" });
}

/** Notes it in the log, by the address of the other end: what such a request says of itself counts for nothing. */
function tellUnfit({ log }: NodeGate, { socket }: IncomingMessage, { status, error }: Unfit): void {
  tellOften(log, "info", "unfit", () => ({ status, error, peer: socket.remoteAddress }), "refused unread");
}

/** Serves a request to open a WebSocket, which only instances can. */
export function frontUpgrade({ gate }: FrontParts) {
  return (incoming: IncomingMessage, socket: Duplex, early: Buffer): void => {
    const unfit = unfitness(incoming);
    if (unfit) {
      tellUnfit(gate, incoming, unfit);
      socket.end(rawAnswer(unfit.status, unfit.error));
    } else {
      upgradeNode(gate, incoming, socket, early);
    }
  };
}

/** Sends each request where it belongs: to an instance, to a probe, or to the dashboard. */
export function front(parts: FrontParts) {
  const { gate, dashboard, readiness } = parts;
  const refuse = unfitRefuser((incoming, unfit) => tellUnfit(gate, incoming, unfit));
  return (incoming: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    if (readiness() === "stopping") response.shouldKeepAlive = false;
    if (refuse(incoming, response)) return;
    const target = incoming.url ?? "/";
    if (isInstanceTarget(target)) {
      serveNode(gate, incoming, response, expectsContinue);
      return;
    }
    const path = target.split("?", 1)[0];
    if (path === "/healthz") answerJson(response, 200, { status: "ok" });
    else if (path === "/readyz") answerReadiness(response, readiness());
    else if (dashboard && /^(?:\/|https?:\/\/)/i.test(target))
      toDashboard(dashboard, incoming, response, expectsContinue);
    else answerJson(response, 404, { error: "Not found" });
  };
}
