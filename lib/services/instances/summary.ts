import type { InstanceSummary } from "@/lib/domain/instance";
import { shownName } from "@/lib/domain/seen-text";

/** The columns a summary is made from: none of the secrets. */
export const summaryColumns = {
  id: true,
  name: true,
  upstreamUrl: true,
  pausedAt: true,
  createdAt: true,
} as const;

/** Makes the shown form of a stored row. */
export function toSummary(row: Omit<InstanceSummary, "paused"> & { pausedAt: Date | null }): InstanceSummary {
  const { id, name, upstreamUrl, pausedAt, createdAt } = row;
  return { id, name: shownName(name), upstreamUrl, paused: pausedAt !== null, createdAt };
}
