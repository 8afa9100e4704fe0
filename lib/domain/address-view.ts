import type { AddressMode } from "./address-mode";
import type { AddressKind } from "./address-rule";
import type { CallerLabel } from "./caller-view";

/** Callers that the page and dialogs name; the rest is counted. */
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
  /** Seen in the last 7 days. */
  readonly inUse: boolean;
  readonly requests: number;
}

/** Who a list would reject: some by name, all by number. Requests are those of the last 7 days. */
export interface AddressForecastView {
  readonly callers: readonly AddressCallerView[];
  readonly total: number;
  /** Those of them that were seen in the last 7 days. */
  readonly inUse: number;
  /** Instances with callers beyond those kept apart, whose addresses nobody knows. */
  readonly unknown: number;
  readonly passing: number;
  /** The account's name has to be typed. */
  readonly confirm: boolean;
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
}

/** What came of adding entries. */
export interface AddedRules {
  readonly added: readonly string[];
  /** Those that were on the list already. */
  readonly known: number;
  /** The first few entries that an older one contains, or that contain older ones. */
  readonly overlaps: readonly { readonly cidr: string; readonly inside: boolean; readonly other: string }[];
}
