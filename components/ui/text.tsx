import { Fragment, type ReactNode } from "react";

/** The `<term>` tag of a message: a short name from the wire contract, never broken. */
export function term(chunks: ReactNode): ReactNode {
  return <code className="whitespace-nowrap font-mono text-[0.92em] text-text">{chunks}</code>;
}

/** The `<code>` tag of a message. */
export function code(chunks: ReactNode): ReactNode {
  return <code className="break-words font-mono text-[0.92em] text-text">{chunks}</code>;
}

/**
 * An address of a person, a host or a network, or the name of a program: broken after its own signs only, so that no
 * word of it is torn. What is too long even then is broken where it must.
 */
export function Address({ children: address }: { readonly children: string }) {
  return (
    <span translate="no" className="wrap-break-word">
      {address.split(/(?<=[@.:/_+-])/).map((part, index) => (
        // Parts repeat, and none of them moves.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}

/** What a change does to whom, one line each; stands in a dialog above the button that does it. */
export function Effects({ children }: { readonly children: ReactNode }) {
  return (
    <ul className="grid list-disc gap-1.5 pl-5 text-pretty marker:text-muted [&_code]:break-words">
      {children}
    </ul>
  );
}
