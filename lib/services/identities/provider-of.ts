import { config } from "@/lib/config";

/** What people call an issuer: its configured name, or its host where it is no longer configured. */
export function providerOf(issuer: string): string {
  const { singleSignOn } = config();
  if (singleSignOn?.issuer.replace(/\/$/, "") === issuer) return singleSignOn.name;
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}
