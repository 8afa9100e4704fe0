import type { CallersAlerts } from "./alert";
import type { Role } from "./permissions";

/** Where and when something happened that a person should hear of. */
export interface NoticeFacts {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly address: string;
  readonly userAgent: string;
}

/** What a person proves themselves with, beside the password. */
type FactorKind = "totp" | "passkey" | "recovery_codes" | "provider";

/** Security notices, each with what it says besides the facts. Each has its words in the catalogue under `mail`. */
export interface NoticeParams {
  readonly password_changed: object;
  readonly second_factor_added: { readonly factor: FactorKind };
  /**
   * `all`: by the operator of the machine, for someone who lost theirs. `planted`: everything that was set up before
   * the mailbox was proved for the first time.
   */
  readonly second_factor_removed: { readonly factor: FactorKind | "all" | "planted" };
  /** `left`: how many codes are left. */
  readonly recovery_code_used: { readonly left: number };
  readonly new_device: object;
  /** To the old address, `to` is the new one, here and below. */
  readonly address_change_requested: { readonly to: string };
  readonly address_changed: { readonly to: string };
}

/** The name of a security notice. */
export type SecurityNotice = keyof NoticeParams;

type NoticeMails = { readonly [N in SecurityNotice]: NoticeParams[N] & NoticeFacts };

/** Every mail there is, with what fills it. `path` is a path of the dashboard, fragment and all. */
export interface MailParams extends NoticeMails, CallersAlerts {
  readonly verify_address: { readonly path: string };
  readonly reset_password: { readonly path: string };
  /** `from`: the address of the user who wants to sign in with this one. */
  readonly change_address: { readonly path: string; readonly from: string };
  /** To the holder of an address that another user wanted. */
  readonly address_wanted: object;
  readonly invitation: {
    readonly account: string;
    /** E-mail address of the member who invites. */
    readonly inviter: string;
    readonly role: Role;
    readonly path: string;
  };
  /** `by`: e-mail address of the member who did it, here and below. */
  readonly role_changed: { readonly account: string; readonly role: Role; readonly by: string };
  readonly member_removed: { readonly account: string; readonly by: string };
  readonly sessions_ended: { readonly account: string; readonly by: string };
  readonly account_deleted: { readonly account: string; readonly by: string };
  /** `armedBy`: e-mail address of the member who armed the token; `more`: instances beside the named one. */
  readonly armed_enforced: ArmedParams & { readonly instance: string; readonly more: number };
  readonly armed_done: ArmedParams & { readonly instances: number };
  /** `waiting`: callers that are waited for. */
  readonly armed_ask: ArmedParams & { readonly waiting: number };
}

interface ArmedParams {
  readonly account: string;
  readonly armedBy: string;
  readonly path: string;
}

/** The name of a mail. */
export type MailTemplate = keyof MailParams;

/** One mail to one address, before it has words. */
export type Mail = {
  [T in MailTemplate]: { readonly to: string; readonly template: T; readonly params: MailParams[T] };
}[MailTemplate];

const day = 24 * 3600;

/** How long a mail is worth sending, in seconds: no longer than what it links to counts. */
export const mailLifetimeSeconds: Readonly<Record<MailTemplate, number>> = {
  verify_address: day,
  reset_password: 30 * 60,
  change_address: 30 * 60,
  address_wanted: 2 * day,
  invitation: 2 * day,
  role_changed: 2 * day,
  member_removed: 2 * day,
  sessions_ended: 2 * day,
  account_deleted: 2 * day,
  armed_enforced: 2 * day,
  armed_done: 2 * day,
  armed_ask: 2 * day,
  password_changed: 2 * day,
  second_factor_added: 2 * day,
  second_factor_removed: 2 * day,
  recovery_code_used: 2 * day,
  new_device: 2 * day,
  address_change_requested: 2 * day,
  address_changed: 2 * day,
  caller_stopped: day,
  grace_ends: 2 * day,
  overlap_ends: day,
};

/** Every name of a mail. */
export const mailTemplates = Object.keys(mailLifetimeSeconds) as readonly MailTemplate[];

/** What a link sent by mail can do. */
export type MailLinkPurpose = "verify_address" | "reset_password" | "change_address";

/** How long a link counts, in seconds. */
export const mailLinkSeconds: Readonly<Record<MailLinkPurpose, number>> = {
  verify_address: 24 * 3600,
  reset_password: 30 * 60,
  change_address: 30 * 60,
};

const pages: Readonly<Record<MailLinkPurpose, string>> = {
  verify_address: "/verify-address",
  reset_password: "/reset-password",
  change_address: "/change-address",
};

/**
 * The page a link leads to. The token is in the fragment: browsers send that to no server, write it into no
 * Referer, and proxies never see it.
 */
export function mailLinkPath(purpose: MailLinkPurpose, token: string): string {
  return `${pages[purpose]}#${token}`;
}

/** The token in what someone brings: the token itself, or the whole link as it stands in the mail. */
export function mailLinkToken(text: string): string {
  return text.trim().split("#").at(-1) ?? "";
}
