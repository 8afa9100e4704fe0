import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface MessagePageProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  /** Small print, such as a reference for the log. */
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A page that has only one thing to say: what happened, what is safe, and what to do. */
export function MessagePage({ icon: Icon, title, text, note, children }: MessagePageProps) {
  return (
    <div className="grid justify-items-center py-12 text-center">
      <span className="mb-5 grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon aria-hidden className="size-5" />
      </span>
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      <p className="mt-2 max-w-112 text-pretty text-lg text-muted">{text}</p>
      <div className="mt-6">{children}</div>
      {note && <p className="mt-6 text-muted text-xs">{note}</p>}
    </div>
  );
}
