import type { Permission } from "./permissions";

/** Everything a use case can refuse for. Each transport translates these in one place. */
export type RefusalCode =
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "invalid"
  | "conflict"
  | "limited"
  | "proof_required"
  | "bad_credentials"
  | "link_invalid"
  | "link_signed_out"
  | "mail_off"
  | "second_step_failed"
  | "second_step_over"
  | "two_step_required"
  | "two_step_last"
  | "two_step_own_first"
  | "two_step_by_server"
  | "last_owner"
  | "invitation_invalid"
  | "invitation_elsewhere"
  | "passkey_failed"
  | "passkey_unknown"
  | "passkeys_full"
  | "passkey_address"
  | "passkey_insecure"
  | "link_over"
  | "link_taken"
  | "sign_in_again"
  | "registration_closed";

/** Why one field was refused; each code has a sentence in the message catalogue under `errors.field`. */
export type FieldErrorCode =
  | "required"
  | "too_short"
  | "too_long"
  | "email_invalid"
  | "email_taken"
  | "email_same"
  | "password_common"
  | "password_breached"
  | "password_unchecked"
  | "password_wrong"
  | "code_wrong"
  | "already_member"
  | "invitations_too_many"
  | "days_invalid"
  | "seconds_invalid"
  | "name_mismatch"
  | "name_taken"
  | "url_invalid"
  | "url_scheme"
  | "url_credentials"
  | "url_query"
  | "url_private"
  | "header_name"
  | "header_value"
  | "header_reserved"
  | "header_duplicate"
  | "headers_too_many"
  | "choice_invalid"
  | "address_invalid"
  | "address_host_bits"
  | "address_zone"
  | "address_listed"
  | "address_unknown"
  | "address_last"
  | "addresses_none"
  | "addresses_too_many";

/** One refused field. `params` fill the sentence (limits, the offending header's name …). */
export interface FieldError {
  readonly field: string;
  readonly code: FieldErrorCode;
  readonly params?: Readonly<Record<string, string | number>>;
}

interface RefusalOptions {
  readonly fields?: readonly FieldError[];
  readonly retryAfter?: number;
  readonly permission?: Permission;
}

/** A use case's "no": an expected outcome, unlike an exception, which means broken infrastructure. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly fields: readonly FieldError[];
  /** Seconds to wait; only with `limited`. */
  readonly retryAfter: number | undefined;
  /** What the role does not allow; only with `forbidden`. */
  readonly permission: Permission | undefined;

  constructor(code: RefusalCode, options: RefusalOptions = {}) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfter = options.retryAfter;
    this.permission = options.permission;
  }
}

/** Shorthand for the commonest refusal: one field is wrong. */
export function invalidField(
  field: string,
  code: FieldErrorCode,
  params?: Readonly<Record<string, string | number>>,
): Refusal {
  return new Refusal("invalid", { fields: [params ? { field, code, params } : { field, code }] });
}
