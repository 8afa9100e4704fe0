/** One header line. Values hold one character for each byte. */
export type HeaderLine = readonly [name: string, value: string];

/** Pairs up names and values in turn; names in lower case. */
export function pairLines(flat: readonly string[]): HeaderLine[] {
  return flat.flatMap((name, at): HeaderLine[] =>
    at % 2 === 0 ? [[name.toLowerCase(), flat[at + 1] ?? ""]] : [],
  );
}

/** The values of all lines with this name (in lower case), in order. */
export function valuesOf(lines: readonly HeaderLine[], name: string): string[] {
  return lines.flatMap(([field, value]) => (field === name ? [value] : []));
}

import type { InstanceName } from "./world";

/**
 * One line of the conformance table. In `target`, header values and expectations, `{id}` and `{token}`
 * stand for the instance's credentials, `{other id}` and `{other token}` for another account's, and
 * `{current}`, `{retiring}`, `{retiring soon}`, `{retired by time}`, `{retired}` for tokens of its
 * account; `{foreign}` is a live token of another account; `{upstream}` is the upstream's origin, `{UPSTREAM}` the
 * same with the case of its letters flipped, `{upstream host}` its host with its port.
 */
export interface ConformanceCase {
  readonly name: string;
  readonly instance: InstanceName;
  readonly method?: string;
  /** The request target exactly as sent, one character for each byte; `{base}` is `/instances/{id}/token/{token}`. */
  readonly target: string;
  /** Header lines exactly as sent, besides Host and Connection. */
  readonly headers?: readonly HeaderLine[];
  readonly body?: string;
  /** What the upstream answers with. */
  readonly answer?: UpstreamAnswer;
  readonly expect: Expectation;
  /** What every door on node:http does instead. */
  readonly nodeServer?: Deviation;
  /** What the route-handler door does instead. */
  readonly routeHandler?: Deviation;
}

/** Where a door cannot keep the contract: what keeps it from that, and what it does. Never lets more pass. */
interface Deviation {
  readonly because: string;
  readonly expect: Expectation;
}

/** A canned answer of the recording upstream. */
export interface UpstreamAnswer {
  /** It takes the request and never says a word. */
  readonly silent?: true;
  readonly status?: number;
  readonly headers?: readonly HeaderLine[];
  readonly body?: string;
}

/** What must come back, and what must have reached the upstream. */
export interface Expectation {
  readonly status: number;
  /** The body is exactly `{"error": …}`; also means that nothing reached the upstream. */
  readonly error?: string;
  readonly reason?: string;
  /** Exact body. */
  readonly body?: string;
  /** Header values that must come back, lines of one name joined with `, `; null: must be absent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** null: nothing may reach the upstream. */
  readonly forwarded?: ForwardedExpectation | null;
  /** Fields of the JSON body, for the echo. */
  readonly json?: Readonly<Record<string, unknown>>;
}

/** What must have reached the upstream. */
export interface ForwardedExpectation {
  readonly method?: string;
  readonly target?: string;
  /** As in `Expectation.headers`. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
}

const passed = { status: 200, forwarded: {} } as const satisfies Expectation;

/** The request passes and the upstream's answer comes back. */
export const passes: Expectation = passed;

/** The request passes, and the upstream gets it like this. */
export function arrives(forwarded: ForwardedExpectation): Expectation {
  return { ...passed, forwarded };
}

/** The gate answers, and the upstream hears nothing. */
export function rejected(status: number, error: string, reason: string): Expectation {
  return { status, error, reason, forwarded: null };
}

/** What came back; header names in lower case, one character for each byte. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

/** What reached the upstream, in the same terms. */
export interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

/** One way to the gate, and the upstream behind it. */
export interface Door {
  /** Which column of the table applies. */
  readonly kind: "pipeline" | "route-handler" | "gate";
  /** Origin of the upstream behind it. */
  readonly upstream: string;
  /** Sends a filled case and returns the answer and everything the upstream received meanwhile. */
  run(
    entry: ConformanceCase,
    answer: UpstreamAnswer,
  ): Promise<{ readonly answer: Answer; readonly received: readonly Received[] }>;
}
