/** Everything the audit trail records. Each has a sentence in the message catalogue under `activity.action`. */
export const auditActions = [
  "account.created",
  "account.renamed",
  "account.retention_changed",
  "member.invited",
  "member.invitation_renewed",
  "member.invitation_handed_out",
  "member.invitation_withdrawn",
  "member.joined",
  "member.role_changed",
  "member.removed",
  "member.sessions_ended",
  "member.left",
  "member.ownership_transferred",
  "member.renamed",
  "member.alerts_changed",
  "session.entered",
  "session.signed_in",
  "session.sign_in_failed",
  "session.signed_out",
  "session.revoked",
  "session.sign_in_limited",
  "session.proved",
  "session.proof_failed",
  "password.changed",
  "password.reset_requested",
  "password.reset",
  "email.verified",
  "email.change_requested",
  "email.changed",
  "session.second_step_failed",
  "session.passkey_refused",
  "passkey.added",
  "passkey.renamed",
  "passkey.removed",
  "two_step.totp_added",
  "two_step.totp_replaced",
  "two_step.totp_removed",
  "two_step.recovery_codes_made",
  "two_step.reset",
  "two_step.required",
  "two_step.not_required",
  "identity.linked",
  "identity.unlinked",
  "instance.created",
  "instance.renamed",
  "instance.upstream_changed",
  "instance.naming_changed",
  "instance.paused",
  "instance.resumed",
  "instance.deleted",
  "instance.token_revealed",
  "instance.token_regenerated",
  "instance.imported",
  "instance.exported",
  "service.created",
  "service.changed",
  "service.removed",
  "token.configured",
  "token.regenerated",
  "token.activated",
  "token.deactivated",
  "token.removed",
  "token.enforced_on",
  "token.released_on",
  "token.rotated",
  "token.rotation_finished",
  "token.activated_on_ready",
  "token.protected",
  "token.grace_moved",
  "token.armed",
  "token.disarmed",
  "address.added",
  "address.added_many",
  "address.noted",
  "address.removed",
  "address.observed",
  "address.enforced",
  "address.released",
  "address.ended",
  "endpoint.added",
  "endpoint.removed",
  "endpoint.kind_changed",
  "endpoint.observed",
  "endpoint.enforced",
  "endpoint.released",
  "endpoint.ended",
  "caller.named",
  "caller.dismissed",
  "caller.restored",
  "caller.grace_ended",
  "caller.left_out",
  "caller.taken_back",
  "authorization.rejected",
  "audit.exported",
  "server.secret_replaced",
] as const;

/** One thing that happened. */
export type AuditAction = (typeof auditActions)[number];

/** What an event can be about. */
export const auditTargetTypes = [
  "account",
  "instance",
  "service",
  "token",
  "session",
  "caller",
  "audit",
  "user",
  "member",
  "address",
] as const;

/** What an event is about. */
export type AuditTargetType = (typeof auditTargetTypes)[number];

/** Facts that fill an event's sentence; numbers are whole. Never a secret. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

/** One line of the activity page. */
export interface AuditEntry {
  /** 1, 2, 3 … within the account. A string, because it may outgrow a safe integer. */
  readonly seq: string;
  readonly at: Date;
  readonly action: AuditAction;
  /** The actor's e-mail address at that time. */
  readonly actor: string;
  readonly targetType: AuditTargetType | null;
  readonly targetId: string | null;
  readonly targetLabel: string | null;
  readonly address: string;
  readonly userAgent: string;
  readonly details: AuditDetails;
  readonly hash: string;
}

/** One page of the audit trail, newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Pass as `before` to get the next older page; null on the last one. */
  readonly older: string | null;
  /** Pass as `after` to get the next newer page; null on the first one. */
  readonly newer: string | null;
}
