import type { Actor } from "@/lib/domain/actor";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { setEnforced } from "./enforce";

/**
 * Demands the token nowhere any more; it stays configured.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is not active
 */
export function deactivateSecurityToken(actor: Actor): Promise<SecurityTokenView> {
  return setEnforced(actor, "deactivate");
}
