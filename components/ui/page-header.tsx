import type { ReactNode } from "react";

interface PageHeaderProps {
  readonly title: ReactNode;
  /** The state of things in one sentence of plain truth. */
  readonly lede?: ReactNode;
  readonly actions?: ReactNode;
}

/** The top of a page: its name (h1), how things stand, and the one obvious step. */
export function PageHeader({ title, lede, actions }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-4 md:mb-7">
      <div className="min-w-0 flex-1 basis-64">
        <h1 className="break-words font-semibold text-2xl tracking-tight">{title}</h1>
        {lede && <p className="mt-1 text-pretty text-lg text-muted">{lede}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
