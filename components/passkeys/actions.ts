import type { ActionResult } from "@/lib/domain/errors";
import type { FactorAdded } from "@/lib/domain/second-factor";
import type { NewPasskey, PasskeyOptions } from "./browser";

/** The server actions behind the card *Passkeys*. */
export interface PasskeyActions {
  readonly start: () => Promise<ActionResult<PasskeyOptions>>;
  readonly add: (input: { answer: NewPasskey }) => Promise<ActionResult<FactorAdded>>;
  readonly rename: (input: { passkeyId: string; name: string }) => Promise<ActionResult<void>>;
  readonly remove: (input: { passkeyId: string }) => Promise<ActionResult<void>>;
}
