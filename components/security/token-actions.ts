import type { ActionResult } from "@/lib/domain/errors";
import type { Overlap } from "@/lib/domain/rotation";
import type { NewSecurityToken, SecurityTokenView } from "@/lib/domain/security-token";

/** The token that is to be changed, as the page showed it to the person who decided. */
interface SeenToken {
  readonly tokenId: string;
}

/** Which token is to be replaced, and how long it is accepted beside the new one. */
interface RotateInput extends SeenToken {
  readonly overlap: Overlap;
}

/** The server actions behind the buttons. */
export interface TokenActions {
  readonly configure: () => Promise<ActionResult<NewSecurityToken>>;
  readonly regenerate: (input: SeenToken) => Promise<ActionResult<NewSecurityToken>>;
  /** @param input `confirmation`: the account's name, when callers would be rejected */
  readonly activate: (
    input: SeenToken & { confirmation: string },
  ) => Promise<ActionResult<SecurityTokenView>>;
  /** On the instances where no caller would be rejected. */
  readonly activateReady: (input: SeenToken) => Promise<ActionResult<SecurityTokenView>>;
  readonly deactivate: () => Promise<ActionResult<SecurityTokenView>>;
  readonly remove: (input: SeenToken) => Promise<ActionResult<SecurityTokenView>>;
  readonly rotate: (input: RotateInput) => Promise<ActionResult<NewSecurityToken>>;
  /** @param input `ifUnused`: a token that is still sent goes on, and is in the answer. */
  readonly finish: (input: SeenToken & { ifUnused?: boolean }) => Promise<ActionResult<SecurityTokenView>>;
}
