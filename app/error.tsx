"use client";

import { useTranslations } from "next-intl";
import { BrokenPage, PlainPage } from "@/components/shell/plain-page";

/** What is shown when a page outside the dashboard fails. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("common");
  return (
    <PlainPage app={t("app")}>
      <BrokenPage error={error} retry={retry} />
    </PlainPage>
  );
}
