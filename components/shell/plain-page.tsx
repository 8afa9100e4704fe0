import type { ReactNode } from "react";
import { Brand } from "./brand";

interface PlainPageProps {
  readonly app: string;
  readonly children: ReactNode;
}

/** A page outside the dashboard: the brand and one narrow column. */
export function PlainPage({ app, children }: PlainPageProps) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-104 flex-col px-4 py-10 sm:justify-center sm:py-16">
      <header className="mb-8 flex justify-center">
        <Brand name={app} />
      </header>
      <main>{children}</main>
    </div>
  );
}
