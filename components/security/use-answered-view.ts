import { useState } from "react";
import type { SecurityTokenView } from "@/lib/domain/security-token";

/**
 * The token as the answer to the last change told, until the page itself shows another one. The answer is
 * here first, and a click in between is about the token that it speaks of.
 *
 * @returns the view, and what takes an answer's view
 */
export function useAnsweredView(
  shown: SecurityTokenView,
): [SecurityTokenView, (view: SecurityTokenView) => void] {
  const [answer, setAnswer] = useState<{ to: string | null; view: SecurityTokenView } | null>(null);
  const due = answer !== null && answer.to === shown.tokenId;
  if (answer && !due) setAnswer(null);
  return [due ? answer.view : shown, (view) => setAnswer({ to: shown.tokenId, view })];
}
