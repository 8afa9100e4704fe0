import type { ReactNode } from "react";

/** The `<code>` tag of a message. */
export function code(chunks: ReactNode): ReactNode {
  return <code className="break-words font-mono text-[0.92em] text-text">{chunks}</code>;
}
