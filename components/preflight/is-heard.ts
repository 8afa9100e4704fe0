import type { PreflightView } from "@/lib/domain/caller-view";

/** Whether anybody called since the tokens are what they are: else a share would say nothing about now. */
export function isHeard({ counts, foldedRejected }: PreflightView): boolean {
  return counts.ready + counts.rejected + counts.wrong_token + foldedRejected > 0;
}
