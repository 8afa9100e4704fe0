import type { ReactNode } from "react";

interface RowProps {
  readonly title: ReactNode;
  readonly text: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
}

/** One line of the card: what there is, how it stands, and what can be done about it. */
export function Row({ title, text, children }: RowProps) {
  return (
    <div className="flex flex-col gap-3 border-line px-4 py-3.5 not-last:border-b sm:flex-row sm:items-center sm:justify-between sm:gap-4 md:px-6">
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">{title}</h3>
        <div className="text-pretty text-muted wrap-anywhere">{text}</div>
      </div>
      {children && <div className="flex shrink-0 flex-wrap gap-2">{children}</div>}
    </div>
  );
}
