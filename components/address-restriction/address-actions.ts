import type { AddedRules, AddressForecastView } from "@/lib/domain/address-view";
import type { ActionResult } from "@/lib/domain/errors";

type Step = () => Promise<ActionResult<unknown>>;

/** The server actions behind the module. */
export interface AddressActions {
  readonly add: (input: { address: string; note: string }) => Promise<ActionResult<AddedRules>>;
  readonly addLines: (input: { text: string }) => Promise<ActionResult<AddedRules>>;
  readonly addCurrent: (input: { note: string }) => Promise<ActionResult<AddedRules>>;
  readonly note: (input: { ruleId: string; note: string }) => Promise<ActionResult<unknown>>;
  /** Who would be rejected without an entry; null while nobody would. */
  readonly forecastRemoval: (input: { ruleId: string }) => Promise<ActionResult<AddressForecastView | null>>;
  readonly remove: (input: { ruleId: string; confirmation: string }) => Promise<ActionResult<unknown>>;
  readonly observe: Step;
  readonly enforce: (input: { confirmation: string }) => Promise<ActionResult<unknown>>;
  readonly stopEnforcing: Step;
  readonly stopObserving: Step;
}
