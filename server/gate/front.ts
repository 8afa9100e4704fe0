import type { IncomingMessage, ServerResponse } from "node:http";
import { type NodeGate, serveNode } from "@/lib/gate/node-door";
import { answerJson } from "../dashboard/answer";
import { isInstanceTarget } from "../dashboard/instance-target";
import { type DashboardPlace, toDashboard } from "./to-dashboard";

/** Why a gate cannot decide now; `ready` when it can. */
export type GateReadiness = "ready" | "stopping" | "database";

/** What stands behind the port. */
export interface FrontParts {
  readonly gate: NodeGate;
  /** null: this gate stands alone. */
  readonly dashboard: DashboardPlace | null;
  readonly readiness: () => GateReadiness;
}

/** Two hosts in one request mean two things to two servers (RFC 9112 §3.2). */
function namesTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts > 1;
}

/** Answers a readiness probe. */
export function answerReadiness(response: ServerResponse, readiness: GateReadiness): void {
  if (readiness === "ready") answerJson(response, 200, { status: "ready" });
  else answerJson(response, 503, { status: "unavailable", reason: readiness }, { "retry-after": "2" });
}

/** Sends each request where it belongs: to an instance, to a probe, or to the dashboard. */
export function front(parts: FrontParts) {
  const { gate, dashboard, readiness } = parts;
  return (incoming: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    if (readiness() === "stopping") response.shouldKeepAlive = false;
    if (namesTwoHosts(incoming)) {
      response.shouldKeepAlive = false;
      answerJson(response, 400, { error: "Two hosts" });
      return;
    }
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
