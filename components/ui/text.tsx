import type { ReactNode } from "react";

/** The `<term>` tag of a message: a short name from the wire contract, never broken. */
export function term(chunks: ReactNode): ReactNode {
  return <code className="whitespace-nowrap font-mono text-[0.92em] text-text">{chunks}</code>;
}

/** The `<code>` tag of a message. */
export function code(chunks: ReactNode): ReactNode {
  return <code className="break-words font-mono text-[0.92em] text-text">{chunks}</code>;
}

/** What a change does to whom, one line each; stands in a dialog above the button that does it. */
export function Effects({ children }: { readonly children: ReactNode }) {
  return (
    <ul className="grid list-disc gap-1.5 pl-5 text-pretty marker:text-muted [&_code]:break-words">
      {children}
    </ul>
  );
}
