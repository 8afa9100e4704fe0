import type { AddressMode } from "./address-mode";
import type { AddressKind } from "./address-rule";
import type { CallerLabel } from "./caller-view";

/** Callers that the page names; the rest is counted. */
export const addressCallersShown = 20;

/** One entry of the list. */
export interface AddressRuleView {
  readonly id: string;
  readonly cidr: string;
  readonly note: string;
  readonly createdAt: Date;
}

/** A caller, as the module lists it. */
export interface AddressCallerView extends CallerLabel {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly lastSeenAt: Date;
  readonly requests: number;
}

/** Who the list would reject, as the page says it while it observes: some by name, all by number. Requests of 7 days. */
export interface AddressForecastView {
  readonly callers: readonly AddressCallerView[];
  readonly total: number;
  /** Instances with callers beyond those kept apart, whose addresses nobody knows. */
  readonly unknown: number;
  readonly passing: number;
}

/** Who was rejected for its address in the last 24 hours. Requests are those that were. */
export interface AddressRejections {
  readonly callers: readonly AddressCallerView[];
  readonly total: number;
  readonly requests: number;
}

/** What the region *Address restriction* shows. */
export interface AddressRestrictionView {
  readonly mode: AddressMode;
  /** Newest first. */
  readonly rules: readonly AddressRuleView[];
  /** While observing: what enforcing would do. */
  readonly forecast: AddressForecastView | null;
  /** While enforcing. */
  readonly rejections: AddressRejections | null;
  /** Where the person who asks is, as Latchkey sees it. */
  readonly current: {
    /** null when nobody trustworthy named one. */
    readonly address: string | null;
    readonly kind: AddressKind | null;
    readonly listed: boolean;
  };
  /** Whether this reader may change it. */
  readonly mayChange: boolean;
}

/** What came of adding entries. */
export interface AddedRules {
  readonly added: readonly string[];
  /** Those that were on the list already. */
  readonly known: number;
  /** The first few entries that an older one contains, or that contain older ones. */
  readonly overlaps: readonly { readonly cidr: string; readonly inside: boolean; readonly other: string }[];
}

/** How far back the region looks, and how long ago a caller called at most that its address is taken to be still its own. */
export const inUseMs = 7 * 24 * 3_600_000;

/** Characters of a note at most. */
export const noteMaxLength = 200;
