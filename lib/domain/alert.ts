/** What members are told by mail unless they have muted it. */
export const alertKinds = ["armed"] as const;

/** `armed`: what *Activate when ready* did or asks. */
export type AlertKind = (typeof alertKinds)[number];
