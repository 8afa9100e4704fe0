import type { Machine } from "../machine";
import type { FloodOutcome } from "../measurements/flood";
import type { GrowthResult } from "../measurements/growth";
import type { PeerResult } from "../measurements/peers";
import type { PropagationResult } from "../measurements/propagation";
import type { ReplacementResult } from "../measurements/replacement";
import type { SteadyResult } from "../measurements/steady";
import type { Settings } from "../options";

/** A measurement that was tried: its figures, or why there are none. */
export type Measurement<T> =
  | { readonly value: T; readonly failure: null }
  | { readonly value: null; readonly failure: string };

/** Everything one run found. null: not asked for. */
export interface Report {
  /** Day of the run, UTC, as YYYY-MM-DD. */
  readonly date: string;
  readonly machine: Machine;
  readonly settings: Settings;
  readonly peers: readonly PeerResult[] | null;
  readonly steady: Measurement<SteadyResult> | null;
  readonly growth: Measurement<GrowthResult> | null;
  readonly propagation: Measurement<PropagationResult> | null;
  readonly replacement: Measurement<ReplacementResult> | null;
  readonly flood: Measurement<FloodOutcome> | null;
}

/** True when every measurement that was tried has figures. */
export function isComplete(report: Report): boolean {
  const others = [report.steady, report.growth, report.propagation, report.replacement, report.flood];
  const allPeers = report.peers?.every((peer) => peer.failure === null) ?? true;
  return allPeers && others.every((outcome) => outcome === null || outcome.failure === null);
}

/** A figure that was promised, and what came of it. */
export interface TargetVerdict {
  readonly label: string;
  readonly bound: "at least" | "at most";
  readonly limit: number;
  /** Empty for a ratio. */
  readonly unit: "" | "ms" | "MB";
  /** null: not measured, or its measurement failed. */
  readonly value: number | null;
}

/** True when the figure keeps the promise; null when it was not measured. */
export function isMet({ bound, limit, value }: TargetVerdict): boolean | null {
  if (value === null) return null;
  return bound === "at least" ? value >= limit : value <= limit;
}

const ratios: readonly { label: string; of: string; by: string; atLeast: number }[] = [
  { label: "gate accepting ÷ bare undici proxy", of: "gate-accepting", by: "undici", atLeast: 0.85 },
  { label: "gate accepting ÷ Caddy", of: "gate-accepting", by: "caddy", atLeast: 1.2 },
  { label: "gate accepting ÷ @fastify/http-proxy", of: "gate-accepting", by: "fastify", atLeast: 1.8 },
  {
    label: "gate accepting ÷ express + http-proxy-middleware",
    of: "gate-accepting",
    by: "express",
    atLeast: 5,
  },
  { label: "gate accepting ÷ route handler", of: "gate-accepting", by: "route-handler", atLeast: 12 },
  { label: "gate rejecting ÷ bare node:http", of: "gate-rejecting", by: "node-http", atLeast: 0.6 },
];

/** The quotient, or null when one side is missing or the divisor is nothing. */
export function ratio(of: number | undefined, by: number | undefined): number | null {
  return of === undefined || by === undefined || by === 0 ? null : of / by;
}

function speedOf({ peers }: Report, name: string): number | undefined {
  return peers?.find((peer) => peer.name === name)?.median?.requestsPerSecond;
}

function peerVerdicts(report: Report): TargetVerdict[] {
  const tried = new Set(report.peers?.map((peer) => peer.name));
  const asked = ratios.filter(({ of, by }) => tried.has(of) && tried.has(by));
  return asked.map(({ label, of, by, atLeast }) => ({
    label,
    bound: "at least",
    limit: atLeast,
    unit: "",
    value: ratio(speedOf(report, of), speedOf(report, by)),
  }));
}

function steadyVerdicts({ steady }: Report): TargetVerdict[] {
  if (steady === null) return [];
  const value = steady.value?.p99 ?? null;
  return [{ label: "p99 of the gate at half its peak rate", bound: "at most", limit: 5, unit: "ms", value }];
}

function growthVerdicts({ growth }: Report): TargetVerdict[] {
  if (growth === null) return [];
  const value = growth.value;
  return [
    {
      label: "throughput with many instances ÷ with 1",
      bound: "at least",
      limit: 0.9,
      unit: "",
      value: ratio(value?.many.requestsPerSecond, value?.one.requestsPerSecond),
    },
    {
      label: "memory of one gate with the hot instances cached, after load",
      bound: "at most",
      limit: 250,
      unit: "MB",
      value: value?.afterLoadMb ?? null,
    },
  ];
}

function propagationVerdicts({ propagation }: Report): TargetVerdict[] {
  if (propagation === null) return [];
  const value = propagation.value?.rejecting.p99 ?? null;
  return [
    { label: "commit → last of four gates enforces, p99", bound: "at most", limit: 50, unit: "ms", value },
  ];
}

function replacementVerdicts({ replacement }: Report): TargetVerdict[] {
  if (replacement === null) return [];
  const label = "Replace now → last acceptance of the old token by any of four gates, worst";
  const value = replacement.value?.accepted.max ?? null;
  return [{ label, bound: "at most", limit: 50, unit: "ms", value }];
}

/** Holds a report against everything that was promised of what it measured. */
export function verdictsOn(report: Report): TargetVerdict[] {
  return [
    ...peerVerdicts(report),
    ...growthVerdicts(report),
    ...steadyVerdicts(report),
    ...propagationVerdicts(report),
    ...replacementVerdicts(report),
  ];
}
