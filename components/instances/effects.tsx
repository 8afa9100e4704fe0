import type { ReactNode } from "react";

/** What a change does to whom, one line each; stands in a dialog above the button that does it. */
export function Effects({ children }: { readonly children: ReactNode }) {
  return (
    <ul className="grid list-disc gap-1.5 pl-5 text-pretty marker:text-muted [&_code]:break-words">
      {children}
    </ul>
  );
}
