import type { AuditEntry } from "./audit-event";
import type { RejectedLately } from "./rejection";
import type { SecurityTokenView } from "./security-token";

/** The first step that is still open; `none` when the account is protected. */
export type NextStep = "create_instance" | "configure_token" | "activate_token" | "none";

/** What the overview shows. */
export interface OverviewView {
  readonly token: SecurityTokenView;
  readonly pausedInstances: number;
  readonly rejected: RejectedLately;
  readonly nextStep: NextStep;
  /** The five newest events. */
  readonly recent: readonly AuditEntry[];
}

/** Picks the one obvious next step. */
export function nextStep(token: Pick<SecurityTokenView, "status" | "totalInstances">): NextStep {
  if (token.totalInstances === 0) return "create_instance";
  if (token.status === "none") return "configure_token";
  return token.status === "active" ? "none" : "activate_token";
}
