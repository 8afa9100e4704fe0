import type { Stopped } from "./after-activation";
import type { CallerLabel } from "./caller-view";
import type { DenialReason, LiveToken, TokenVerdict } from "./gate";
import type { ReasonCounts, TrafficReason, TrafficView } from "./traffic";

/** Rejections for what came as the account security token. */
export const tokenRejections = [
  "missing",
  "malformed",
  "unknown",
  "retired",
  "instance_token",
  "duplicate",
  "placeholder",
] as const satisfies readonly Exclude<TokenVerdict, LiveToken>[];

export type TokenRejection = (typeof tokenRejections)[number];

/** True for an outcome of this kind, as gates write it. */
export function isTokenRejection(outcome: string): outcome is TokenRejection {
  return tokenRejections.some((reason) => reason === outcome);
}

/** Reasons that say nothing of an instance: nobody has shown to know one, or no policy could be read. */
type Unproven = "invalid_path" | "unknown_instance" | "policy_unavailable";

/** Why a request to an instance was rejected; `other` stands for reasons of a newer gate. */
export type RejectionReason = Exclude<DenialReason, Unproven> | "other";

/**
 * Where a rejection is mended: at the samples of how to call the instance, at the account security token, at
 * the address restriction, at the instance's endpoint rules, or at the instance itself.
 */
export type FixPlace = "samples" | "token" | "address" | "endpoints" | "instance";

/** The place for each reason. The words for the reason and for its fix are in the message catalogue. */
export const fixPlaces: Readonly<Record<RejectionReason, FixPlace>> = {
  missing: "samples",
  malformed: "samples",
  unknown: "token",
  retired: "token",
  instance_token: "samples",
  duplicate: "samples",
  placeholder: "samples",
  address: "address",
  endpoint: "endpoints",
  instance_paused: "instance",
  other: "instance",
};

/** Callers on one page of the list, and callers that are looked through at most: those rejected last. */
export const rejectedPerPage = 25;
export const mostRejected = 5000;

/** A rejected caller, in the words a page has for it. */
export interface RejectedLabel extends CallerLabel {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  /** The newest full user agent; empty when it gave none. */
  readonly userAgent: string;
}

/** A caller that worked before and is rejected now. */
export interface StoppedCaller extends RejectedLabel, Stopped {
  readonly rejectedAt: Date;
}

/** What the token's module shows for a day after an activation. */
export interface WatchView {
  readonly until: Date;
  /** The first few of them: those rejected last, other callers at the end. */
  readonly callers: readonly StoppedCaller[];
  readonly total: number;
  /** There are more than `total`, which is where counting stops. */
  readonly more: boolean;
}

/** Who was rejected in the last hour. */
export interface RejectedLately {
  readonly callers: number;
  /** Callers beyond the limits were rejected too: nobody knows how many. */
  readonly others: boolean;
}

/** One row of the list of rejected callers. */
export interface RejectedCaller extends RejectedLabel {
  /** Of its latest rejection, or the one that was asked for. */
  readonly reason: TrafficReason;
  /** Requests in the range that were rejected for this reason. */
  readonly requests: number;
  /** What else it was rejected for in the range. */
  readonly besides: ReasonCounts;
  /** When it was last rejected for this reason; only the hour when `hourOnly`, as its start. */
  readonly lastAt: Date;
  readonly hourOnly: boolean;
  /** Its latest request, whatever became of it; the path as a template. */
  readonly lastMethod: string;
  readonly lastPath: string;
  /** Its latest request was let in. */
  readonly works: boolean;
}

/** What the list is narrowed to, null and empty meaning no bound, and how its chart is drawn. */
interface RejectedFilter {
  readonly by: RejectedChart;
  readonly reason: TrafficReason | null;
  /** A part of a caller's name, program or address. */
  readonly caller: string;
  /** A part of an instance's name, or its id. */
  readonly instance: string;
}

/** What the page of rejected requests shows. */
export interface RejectedView {
  readonly filter: RejectedFilter;
  /** Of the instances and callers asked for, whatever the reason. Other callers match no caller. */
  readonly traffic: TrafficView;
  /** Those with most rejected requests of the reason asked for; empty when the chart is by reason. */
  readonly lines: readonly RejectedLine[];
  readonly callers: readonly RejectedCaller[];
  /** Callers that the filter lets through, on all pages. */
  readonly matching: number;
  /** Only those rejected last were looked through. */
  readonly capped: boolean;
  /** 1-based. */
  readonly page: number;
  readonly pageCount: number;
}

/** What a line of the chart of rejected requests can stand for. */
export const rejectedCharts = ["reason", "caller", "instance"] as const;

export type RejectedChart = (typeof rejectedCharts)[number];

/** What lines are read for; those of reasons come with the traffic. */
export type RejectedGrouping = Exclude<RejectedChart, "reason">;

/** Callers or instances that have a line of their own: those with most rejected requests. */
export const mostLines = 8;

/** Rejected requests of one caller, or to one instance. */
export interface RejectedLine {
  /** Id of the caller or the instance. */
  readonly key: string;
  readonly instanceId: string;
  readonly instanceName: string;
  /** null: the line is the instance's. */
  readonly caller: CallerLabel | null;
  readonly requests: number;
  /** One number for each hour or day of the range. */
  readonly buckets: readonly number[];
}

/** What to look for to find just this caller: its program and address, as far as it gave them. */
export function callerText({ agent, address }: Pick<CallerLabel, "agent" | "address">): string {
  return `${agent} ${address ?? ""}`.trim();
}
