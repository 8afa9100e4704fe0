/** How long the old token is accepted beside the new one. */
export const overlaps = ["1h", "24h", "7d", "open", "now"] as const;

/** `open`: until the rotation is finished by hand; `now`: not at all. */
export type Overlap = (typeof overlaps)[number];

const hour = 3_600_000;

const lengths: Readonly<Record<Exclude<Overlap, "open">, number>> = {
  now: 0,
  "1h": hour,
  "24h": 24 * hour,
  "7d": 7 * 24 * hour,
};

/** When the old token stops being accepted; null: not before someone finishes the rotation. */
export function retirementAt(overlap: Overlap, now: Date): Date | null {
  return overlap === "open" ? null : new Date(now.getTime() + lengths[overlap]);
}
