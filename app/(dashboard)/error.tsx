"use client";

import { BrokenPage } from "@/components/shell/plain-page";

/** What is shown when a page of the dashboard fails; the navigation stays. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  return <BrokenPage error={error} retry={retry} />;
}
