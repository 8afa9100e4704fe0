import type { ActionResult } from "@/lib/domain/errors";

/** An invitation that was sent: by mail, or as a link to hand over, which is shown this once. */
export interface SentLink {
  readonly email: string;
  /** null when it went by mail. */
  readonly link: string | null;
}

/** The server actions behind the card of members. */
export interface MemberActions {
  readonly invite: (input: { email: string; role: string }) => Promise<ActionResult<SentLink>>;
  readonly resend: (input: { invitationId: string }) => Promise<ActionResult<SentLink>>;
  readonly handOut: (input: { invitationId: string }) => Promise<ActionResult<SentLink>>;
  readonly withdraw: (input: { invitationId: string }) => Promise<ActionResult<void>>;
  readonly changeRole: (input: { userId: string; role: string }) => Promise<ActionResult<void>>;
  readonly endSessions: (input: { userId: string }) => Promise<ActionResult<void>>;
  readonly remove: (input: { userId: string }) => Promise<ActionResult<void>>;
  readonly leave: () => Promise<ActionResult<void>>;
}
