/** What an issuer is called where its configured name may be gone: its host. */
export function providerOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}
