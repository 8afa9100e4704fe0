import type { CallerLabel } from "./caller-view";

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
