import type { ActionResult } from "@/lib/domain/errors";
import type { FactorAdded, TotpEnrolment } from "@/lib/domain/second-factor";

/** The server actions that set up an authenticator app. */
export interface SetUpActions {
  readonly start: () => Promise<ActionResult<TotpEnrolment>>;
  readonly confirm: (input: { enrolmentId: string; code: string }) => Promise<ActionResult<FactorAdded>>;
}

/** All server actions behind the card. */
export interface TwoStepActions extends SetUpActions {
  readonly remove: () => Promise<ActionResult<void>>;
  readonly regenerate: () => Promise<ActionResult<{ recoveryCodes: readonly string[] }>>;
  readonly require: (input: { required: boolean }) => Promise<ActionResult<void>>;
}
