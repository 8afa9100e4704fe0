import { Children, Fragment, type ReactNode } from "react";

/** Classes of a link inside a sentence. */
export const linkStyle = "font-medium text-accent underline underline-offset-3";

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

/** A piece of an address up to this long is never broken; a longer one would not fit beside anything. */
const longestWhole = 24;

/** Where an address or a route may end a line: before @ and dots, and after slashes, colons and what divides a query or words. */
const breaks = /(?<=[^\s@.])(?=[@.][^\s@.])|(?<=[/:?&=|])(?=[^\s/:?&=|])/u;

/** The pieces of a word between which it may be broken; one for a word that is no address. */
export function wholePieces(word: string): string[] {
  return word.split(breaks);
}

/**
 * Text with addresses in it, of people, hosts or clients: these wrap at their @, dots and colons, not inside a word. Only
 * what is too long for any line is broken anywhere.
 */
export function WrapText({ children }: { readonly children: ReactNode }) {
  return (
    <span className="wrap-anywhere">
      {Children.map(children, (child) => (typeof child === "string" ? <Words text={child} /> : child))}
    </span>
  );
}

function Words({ text }: { readonly text: string }) {
  const words = text.split(/(\s+)/).map((word, index) => ({ word, key: `${index} ${word}` }));
  return words.map(({ word, key }) => {
    const pieces = wholePieces(word);
    return pieces.length === 1 ? word : <WholePieces key={key} pieces={pieces} />;
  });
}

function WholePieces({ pieces }: { readonly pieces: readonly string[] }) {
  const keyed = pieces.map((piece, index) => ({ piece, key: `${index} ${piece}` }));
  return keyed.map(({ piece, key }, index) => (
    <Fragment key={key}>
      {index > 0 && <wbr />}
      {piece.length > longestWhole ? piece : <span className="whitespace-nowrap">{piece}</span>}
    </Fragment>
  ));
}
