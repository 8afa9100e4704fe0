import type { ActionResult } from "@/lib/domain/action-result";
import type { Overlap } from "@/lib/domain/rotation";
import type { NewSecurityToken, SecurityTokenView } from "@/lib/domain/security-token";

/** Which token is to be replaced, as it is on the page, and how long it is accepted beside the new one. */
interface RotateInput {
  readonly tokenId: string;
  readonly overlap: Overlap;
}

/** The server actions behind the buttons. */
export interface TokenActions {
  readonly configure: () => Promise<ActionResult<NewSecurityToken>>;
  readonly regenerate: () => Promise<ActionResult<NewSecurityToken>>;
  /** @param input `confirmation`: the account's name, when callers would be rejected */
  readonly activate: (input: { confirmation: string }) => Promise<ActionResult<SecurityTokenView>>;
  /** On the instances where no caller would be rejected. */
  readonly activateReady: () => Promise<ActionResult<SecurityTokenView>>;
  readonly deactivate: () => Promise<ActionResult<SecurityTokenView>>;
  readonly remove: () => Promise<ActionResult<SecurityTokenView>>;
  readonly rotate: (input: RotateInput) => Promise<ActionResult<NewSecurityToken>>;
  readonly finish: (input: {
    tokenId: string;
    ifUnused?: boolean;
  }) => Promise<ActionResult<SecurityTokenView>>;
}
