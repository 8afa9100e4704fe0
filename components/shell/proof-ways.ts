import type { ActionResult } from "@/lib/domain/action-result";
import type { Assertion, AssertionOptions } from "../passkeys/browser";

/** With what a person can prove who they are, on this page. */
export interface ProofWays {
  readonly passkey: boolean;
  /** What the password takes besides; null when there is no second step. */
  readonly code: "totp" | "recovery_code" | null;
  /** Name of the provider where they can sign in once more; null when there is none that they are linked to. */
  readonly provider: string | null;
}

/** The server actions that check a proof. */
export interface ProofActions {
  readonly password: (input: {
    readonly password: string;
    readonly code: string;
  }) => Promise<ActionResult<unknown>>;
  readonly startPasskey: () => Promise<ActionResult<AssertionOptions>>;
  readonly passkey: (input: { readonly answer: Assertion }) => Promise<ActionResult<unknown>>;
}
