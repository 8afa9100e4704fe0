import type { AddressList } from "./address-list";
import type { AddressMode } from "./address-mode";
import type { AddressKind } from "./address-rule";
import type { CallerLabel } from "./caller-view";
import { isDismissed } from "./preflight";

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

/** A caller seen this long ago or later is taken to be in use: rejecting it needs a confirmation. */
export const inUseMs = 7 * 24 * 3_600_000;

/** What a forecast needs to know about a caller. */
export interface AddressFacts {
  /** True for the one row of an instance that stands for all callers beyond the limits. */
  readonly others: boolean;
  /** Canonical; null when it is not known, and for others. */
  readonly address: string | null;
  readonly lastSeenAt: Date;
  readonly dismissedAt: Date | null;
}

/** Who a list would newly reject. */
export interface AddressForecast<C extends AddressFacts> {
  /** Callers that pass now and would not; in the order given. */
  readonly rejected: readonly C[];
  /** Those of them that were seen in the last 7 days. */
  readonly inUse: readonly C[];
  /** Sums of many callers seen in the last 7 days, whose addresses nobody knows: some may be rejected. */
  readonly unknown: readonly C[];
  /** Callers that would pass. */
  readonly passing: number;
}

/** As the gate has it: an address that is not known is on no list. */
function passes(list: AddressList, address: string | null): boolean {
  return address !== null && list.includes(address);
}

/**
 * What enforcing a list does to the callers we know of. Callers that were called gone and have not come back
 * do not count.
 *
 * @param before the list that is enforced now; null: none is, everyone passes
 * @param after the list to be enforced
 */
export function forecastAddresses<C extends AddressFacts>(
  callers: readonly C[],
  before: AddressList | null,
  after: AddressList,
  now: Date,
): AddressForecast<C> {
  const isInUse = ({ lastSeenAt }: C) => now.getTime() - lastSeenAt.getTime() <= inUseMs;
  const counted = callers.filter((caller) => !isDismissed(caller));
  const own = counted.filter(({ others }) => !others);
  const staying = own.filter(({ address }) => passes(after, address));
  const rejected = own.filter(
    ({ address }) => !passes(after, address) && (before === null || passes(before, address)),
  );
  return {
    rejected,
    inUse: rejected.filter(isInUse),
    unknown: counted.filter((caller) => caller.others && isInUse(caller)),
    passing: staying.length,
  };
}

/** True when what the forecast says needs the account's name: someone in use is, or may be, locked out. */
export function locksOut({ inUse, unknown }: Pick<AddressForecast<AddressFacts>, "inUse" | "unknown">) {
  return inUse.length > 0 || unknown.length > 0;
}

/** Characters of a note at most. */
export const noteMaxLength = 200;
