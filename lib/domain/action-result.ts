import type { FieldError, RefusalCode } from "./errors";

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
