import { KeyRound, type LucideIcon, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { buttonStyle } from "../ui/button";

/** The product's name with its sign. */
export function Brand({ name }: { readonly name: string }) {
  return (
    <span className="inline-flex items-center gap-2.5 font-semibold text-lg tracking-tight">
      <KeyRound aria-hidden className="size-5 text-accent" />
      {name}
    </span>
  );
}

interface PlainPageProps {
  readonly app: string;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}

/** A page outside the dashboard: the brand and one narrow column. */
export function PlainPage({ app, children, foot }: PlainPageProps) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-104 flex-col px-4 py-10 sm:justify-center sm:py-16">
      <header className="mb-8 flex justify-center">
        <Brand name={app} />
      </header>
      <main>{children}</main>
      {foot && <footer className="mt-8">{foot}</footer>}
    </div>
  );
}

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

interface BrokenPageProps {
  readonly error: unknown;
  readonly retry: () => void;
}

/** What is shown when a page fails: the reference leads to the log; the cause itself never leaves the server. */
export function BrokenPage({ error, retry }: BrokenPageProps) {
  const t = useTranslations("broken");
  const digest = digestOf(error);
  return (
    <MessagePage
      icon={Unplug}
      title={t("title")}
      text={t("text")}
      note={digest && t("reference", { digest })}
    >
      {/* Every page loads this one: what a button shows while it works is left out. */}
      <button type="button" onClick={retry} className={buttonStyle("primary", "md")}>
        {t("action")}
      </button>
    </MessagePage>
  );
}

function digestOf(error: unknown): string | null {
  return error instanceof Error && "digest" in error && typeof error.digest === "string"
    ? error.digest
    : null;
}
