import { CopyButton } from "./copy-button";

interface CodeBlockProps {
  readonly code: string;
  /** What the code is, for screen readers. */
  readonly label: string;
  readonly copyLabel: string;
  readonly copiedLabel: string;
  readonly failedLabel: string;
}

/** Code to copy. Long lines wrap, so that all of it can be read without scrolling sideways. */
export function CodeBlock({ code, label, copyLabel, copiedLabel, failedLabel }: CodeBlockProps) {
  return (
    <figure
      aria-label={label}
      className="flex flex-col gap-2 rounded-md border border-line bg-sunken p-2 sm:flex-row"
    >
      <pre
        translate="no"
        className="min-w-0 flex-1 whitespace-pre-wrap p-1 text-xs leading-5 [overflow-wrap:anywhere]"
      >
        <code className="text-xs">{code}</code>
      </pre>
      <CopyButton
        size="sm"
        className="self-start"
        value={code}
        label={copyLabel}
        copiedLabel={copiedLabel}
        failedLabel={failedLabel}
      />
    </figure>
  );
}
