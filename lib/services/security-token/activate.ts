import type { Actor } from "@/lib/domain/actor";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { setEnforced } from "./enforce";

/**
 * Demands the token on every instance from now on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is none or it is active already
 */
export function activateSecurityToken(actor: Actor): Promise<SecurityTokenView> {
  return setEnforced(actor, "activate");
}
