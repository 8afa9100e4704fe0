import type { Permission } from "./permissions";

/**
 * Everything a use case can refuse for, with the HTTP status that a route answers. Each code has a sentence in the
 * message catalogue under `errors.code`.
 */
export const refusalStatus = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  invalid: 400,
  conflict: 409,
  limited: 429,
  proof_required: 403,
  bad_credentials: 401,
  link_invalid: 410,
  link_signed_out: 401,
  mail_off: 409,
  second_step_failed: 401,
  second_step_over: 410,
  two_step_required: 403,
  two_step_last: 409,
  two_step_own_first: 409,
  two_step_by_server: 409,
  last_owner: 409,
  invitation_invalid: 410,
  invitation_elsewhere: 409,
  passkey_failed: 401,
  passkey_unknown: 404,
  passkeys_full: 409,
  passkey_address: 400,
  passkey_insecure: 400,
  link_over: 410,
  link_taken: 409,
  sign_in_again: 401,
  registration_closed: 403,
} as const;

export type RefusalCode = keyof typeof refusalStatus;

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
  | "callers_changed"
  | "name_taken"
  | "endpoint_invalid"
  | "endpoint_rules_invalid"
  | "endpoint_listed"
  | "endpoint_last"
  | "endpoints_none"
  | "endpoints_too_many"
  | "url_invalid"
  | "url_scheme"
  | "url_credentials"
  | "url_query"
  | "url_private"
  | "header_name"
  | "header_value"
  | "header_reserved"
  | "header_duplicate"
  | "header_names"
  | "headers_too_many"
  | "choice_invalid"
  | "host_invalid"
  | "host_own"
  | "host_closed"
  | "host_unset"
  | "host_taken"
  | "hosts_too_many"
  | "route_invalid"
  | "route_nobody"
  | "route_twice"
  | "route_parameter"
  | "route_pointer"
  | "route_header"
  | "route_method"
  | "routes_overlap"
  | "routes_too_many"
  | "stray_invalid"
  | "stray_too_many"
  | "label_invalid"
  | "label_taken"
  | "credential_invalid"
  | "credential_taken"
  | "instances_too_many"
  | "import_empty"
  | "import_slow"
  | "import_too_large"
  | "import_too_many"
  | "import_unreadable"
  | "import_columns"
  | "import_column_twice"
  | "import_quote"
  | "import_json"
  | "list_none"
  | "list_unreachable"
  | "list_key"
  | "list_status"
  | "list_html"
  | "list_no_json"
  | "list_shape"
  | "list_empty"
  | "list_too_large"
  | "line_unreadable"
  | "line_double"
  | "line_case"
  | "name_case"
  | "service_unknown"
  | "service_twice"
  | "yes_or_no"
  | "answers_unknown"
  | "token_short"
  | "token_plain"
  | "token_named"
  | "id_taken"
  | "id_unusable"
  | "by_service"
  | "service_in_use"
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

/** What a server action answers: the outcome of a use case in a form that crosses to the browser. */
export type ActionResult<T = null> =
  | { readonly ok: true; readonly data: T }
  | {
      readonly ok: false;
      readonly code: RefusalCode | "failed";
      readonly fields: readonly FieldError[];
      readonly retryAfter?: number;
      /** What was typed, so that a form can show it again. Never a secret. */
      readonly values?: Readonly<Record<string, string>>;
    };
