import { pathTemplate, pathTemplateMaxLength } from "@/lib/domain/path-template";
import { isLiveToken } from "@/lib/domain/preflight-evidence";
import type { Observation } from "../observation";
import type { Agent } from "./agents";
import { ownCopy } from "./own-copy";
import { remembering } from "./remembering";
import type { WaitingSums } from "./waiting-sums";

/** Thousands of callers do the same few things: each is in memory once. */
const shared = remembering(ownCopy, { longest: pathTemplateMaxLength });

/** Methods are upper-case words (RFC 9110 §9.1); whatever else was sent is not worth keeping. */
function knownMethod(method: string): string {
  return /^[A-Z-]{1,20}$/.test(method) ? shared(method) : "other";
}

function notLive(sums: WaitingSums, at: number): void {
  sums.notLiveAt = at;
  if (sums.liveAt === 0) return;
  sums.relapsedAt = at;
  sums.relapsedFrom = sums.liveAt;
}

/** Notes when and how a caller was seen; `at` as the sums have it. */
export function touch(sums: WaitingSums, seen: Observation, agent: Agent, at: number): void {
  const { outcome } = seen;
  const token = seen.token ?? "none";
  if (at < sums.firstAt) sums.firstAt = at;
  if (at > sums.lastAt) sums.lastAt = at;
  if (outcome === "accepted") sums.acceptedAt = at;
  else sums.rejectedAt = at;
  if (isLiveToken(token)) sums.liveAt = at;
  else if (token !== "none") notLive(sums, at);
  if (!sums.others) sums.userAgent = agent.userAgent;
  // One path a batch will do, as long as it is one that met with the end shown beside it.
  if (sums.path !== "" && sums.outcome === outcome && sums.token === token) return;
  sums.path = shared(pathTemplate(seen.rest));
  sums.method = knownMethod(seen.method);
  sums.outcome = outcome;
  sums.token = token;
}
