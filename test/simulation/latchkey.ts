import type { CallerRow } from "@/lib/db/callers";
import type { Judged } from "@/lib/domain/preflight";
import type { Evidence } from "@/lib/domain/preflight-evidence";
import type { Call } from "./calls";
import type { Sent, Step } from "./world";

/** What became of a request. */
export interface Answer {
  readonly passed: boolean;
  /** Whether the decision came to its token, and called it live. */
  readonly looked: boolean;
  readonly calledLive: boolean;
  /** Whether it was rejected because of its token. */
  readonly rejected: boolean;
  /** Whether it counts in the statistics. */
  readonly observed: boolean;
}

/** What the owner is shown before the name is asked for. */
export type Screen = Readonly<Record<"rejected" | "maybe", Named>>;

/** Callers that are shown, programs of those that are not, and instances of callers beyond the limits. */
interface Named {
  readonly callers: readonly { readonly id: string }[];
  readonly more: readonly { readonly agent: string }[];
  readonly others: number;
}

/** An activation that enforced something. */
export interface Activation {
  /** Every caller as it was judged at that moment, the evidence, and those that were enforced by it. */
  readonly judged: readonly Judged<CallerRow>[];
  readonly evidence: Evidence;
  readonly enforced: readonly number[];
  /** What was on the screen; null on the blue button, which asks for nothing. */
  readonly screen: Screen | null;
  /** Whoever was first heard after this does not count, and was listed as new: the token had been armed. */
  readonly newAfter: number;
  /** Where known callers go on getting in without the token: who they are, and until when. */
  readonly grace?: { readonly known: ReadonlySet<string>; readonly until: number };
}

/** What came of a step of the owner. */
export interface Taken {
  readonly activation?: Activation;
  /** Callers that were dismissed or left out, by their keys. */
  readonly dismissed?: readonly string[];
  readonly leftOut?: readonly string[];
  /** Until when known callers get in from now on. */
  readonly graceUntil?: number;
}

/** The step was not possible: nothing changed. */
export const refused: Taken = {};

/** What a look of the keeper found and did. */
export interface Look {
  /** When something is due as things are. */
  readonly next: number;
  /** Known callers that need the token from now on. */
  readonly ended: readonly string[];
  readonly armed: ArmedLook | null;
}

/** A look at an armed account. */
export interface ArmedLook {
  readonly armedAt: number;
  readonly holdMs: number;
  /** Every caller with its true verdict, and instances that were not enforced before. */
  readonly judged: readonly Judged<CallerRow>[];
  readonly open: readonly number[];
  readonly activation?: Activation;
}

/**
 * Latchkey as the world meets it: calls come to its gates, the owner clicks. There are two: one in memory, by the same rules,
 * fast enough for a million activations; and the real one with its database.
 */
export interface Latchkey {
  call(call: Call, at: number): Answer | Promise<Answer>;
  /** A gate writes its statistics, or loses what it did not write. */
  write(gate: number, at: number): void | Promise<void>;
  kill(gate: number, at: number): void | Promise<void>;
  take(step: Step, at: number): Taken | Promise<Taken>;
  /** Does what time brings about; null when nothing is to be waited for. */
  keep(at: number): Look | null | Promise<Look | null>;
  /** Whether it is live then; with `since`, whether it was at some time from then on. */
  isLive(sent: Sent, at: number, since?: number): boolean;
}

/** How often the keeper looks, at most. */
export const lookMs = 5000;

/** The name of an instance, which is its id in memory too. */
export const instanceName = (instance: number) => `instance ${instance}`;

/** What a gate that hears nothing of the database goes by at most for this long. */
export const staleMs = 60_000;
/** A lost announcement is made good after this time at the latest. */
export const rereadMs = 30_000;
