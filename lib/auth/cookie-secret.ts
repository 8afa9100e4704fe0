import { keyFor } from "@/lib/crypto/keys";

/** What session cookies are encrypted with; next-auth wants text. */
export function cookieSecret(): string {
  return keyFor("session-cookie").toString("base64");
}
