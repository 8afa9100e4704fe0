import type { ReactNode } from "react";
import { Navigation } from "./navigation";
import { Brand } from "./plain-page";

interface ShellProps {
  readonly app: string;
  readonly skip: string;
  readonly userMenu: ReactNode;
  readonly children: ReactNode;
}

/** The frame of the dashboard: navigation at the left or at the bottom, content at most 1,100 px wide. */
export function Shell({ app, skip, userMenu, children }: ShellProps) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[14rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-3.5 py-2 font-semibold text-accent-ink focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        {skip}
      </a>
      <header className="flex items-center justify-between border-line px-4 py-2 max-lg:border-b lg:sticky lg:top-0 lg:z-20 lg:h-dvh lg:flex-col lg:items-stretch lg:justify-start lg:overflow-y-auto lg:border-r lg:px-3 lg:py-5">
        <div className="lg:px-2.5 lg:pb-5">
          <Brand name={app} />
        </div>
        <Navigation />
        <div className="lg:mt-auto lg:border-line lg:border-t lg:pt-2">{userMenu}</div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full min-w-0 max-w-295 px-4 pt-5 pb-28 outline-none lg:mx-0 md:px-10 lg:pt-9 lg:pb-20"
      >
        {children}
      </main>
    </div>
  );
}
