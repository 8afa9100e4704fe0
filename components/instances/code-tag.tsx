import type { ReactNode } from "react";

/** The `<term>` tag of a message: a short name from the wire contract, never broken. */
export function term(chunks: ReactNode): ReactNode {
  return <code className="whitespace-nowrap font-mono text-[0.92em] text-text">{chunks}</code>;
}

/** The `<code>` tag of a message. */
export function code(chunks: ReactNode): ReactNode {
  return <code className="break-words font-mono text-[0.92em] text-text">{chunks}</code>;
}
