import { z } from "zod";
import { ConfigError } from "./config-error";

/** RFC-wise https only; plain http does no harm on this very machine. */
const issuer = z
  .url({ protocol: /^https?$/, error: "give the provider's issuer such as https://accounts.example.com" })
  .refine((value) => /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$))/i.test(value), {
    error: "the issuer must begin with https://",
  })
  .refine((value) => !/[?#]/.test(value), { error: "the issuer has no ? and no #" });

/** Variables of the identity provider. */
export const singleSignOnFields = {
  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().trim().min(1).max(40, { error: "give 40 characters or fewer" }).optional(),
};

type Values = z.output<z.ZodObject<typeof singleSignOnFields>> & {
  readonly LATCHKEY_URL?: string | undefined;
};

/** Single sign-on: all of it or nothing. The provider sends people back to a fixed address, so that is needed too. */
export function singleSignOnSettings(value: Values) {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, LATCHKEY_URL } = value;
  if (!OIDC_ISSUER && !OIDC_CLIENT_ID && !OIDC_CLIENT_SECRET && !OIDC_NAME) return undefined;
  const missing = [
    ...(OIDC_ISSUER ? [] : ["OIDC_ISSUER: needed for single sign-on, such as https://accounts.example.com"]),
    ...(OIDC_CLIENT_ID ? [] : ["OIDC_CLIENT_ID: needed for single sign-on; the provider gives it"]),
    ...(OIDC_CLIENT_SECRET ? [] : ["OIDC_CLIENT_SECRET: needed for single sign-on; the provider gives it"]),
    ...(LATCHKEY_URL
      ? []
      : ["LATCHKEY_URL: needed for single sign-on, because the provider sends people back to it"]),
  ];
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET || !LATCHKEY_URL) {
    throw new ConfigError(missing.join("\n"));
  }
  return Object.freeze({
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    /** What people call the provider. */
    name: OIDC_NAME ?? new URL(OIDC_ISSUER).host,
  });
}
