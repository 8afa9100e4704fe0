/**
 * Name and attributes of the session cookie. On https the `__Host-` prefix makes browsers refuse it from
 * anyone but this very host (RFC 6265bis §4.1.3); they accept that prefix with `Secure` only.
 */
export function sessionCookieSpec(secure: boolean) {
  return {
    name: secure ? "__Host-latchkey.session" : "latchkey.session",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure },
  } as const;
}
