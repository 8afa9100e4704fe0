import { z } from "zod";

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whose days are counted. It comes from a cookie: what Intl does not know means UTC. */
export const timeZoneSchema = z.string().max(64).refine(isTimeZone).catch("UTC");
