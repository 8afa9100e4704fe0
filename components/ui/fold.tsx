import { type ReactNode, useEffect, useRef, useState } from "react";

export interface FoldProps {
  readonly open: boolean;
  readonly className: string;
  /** The `<summary>`. */
  readonly summary: ReactNode;
  /** Draws what is in it although nobody has unfolded it. */
  readonly drawnAlways?: boolean | undefined;
  /** What is in it as long as it is folded, for who has no JavaScript; the same as unfolded when left out. */
  readonly plain?: ReactNode;
  readonly children: ReactNode;
}

/**
 * Unfolds in the browser itself. What is in it is drawn when it is unfolded, and stays: hundreds of rows that nobody looks at
 * would keep a slow machine busy for seconds.
 */
export function Fold({ open, className, summary, drawnAlways = false, plain, children }: FoldProps) {
  const [unfolded, setUnfolded] = useState(open);
  const details = useRef<HTMLDetailsElement>(null);
  const look = () => {
    if (details.current?.open) setUnfolded(true);
  };
  // It may have been unfolded before this ran.
  useEffect(look, []);
  return (
    <details ref={details} open={open} onToggle={look} className={className}>
      {summary}
      {unfolded || open || drawnAlways ? children : <noscript>{plain ?? children}</noscript>}
    </details>
  );
}
