import { ownCookieName } from "@/lib/domain/own-cookies";

/** Cookie in which the browser tells its time zone, so that the server writes times as the reader's clock shows them. */
export const timeZoneCookie = ownCookieName("zone", false);

/** The named time zone when this machine knows it, else UTC. Never throws. */
export function knownTimeZone(name: string | undefined): string {
  if (!name || name.length > 64) return "UTC";
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch {
    return "UTC";
  }
}
