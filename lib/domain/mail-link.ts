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
