"use client";

import { Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "../ui/button";
import { MessagePage } from "./plain-page";

interface BrokenPageProps {
  readonly error: unknown;
  readonly retry: () => void;
}

/** What is shown when a page fails: the reference leads to the log; the cause itself never leaves the server. */
export function BrokenPage({ error, retry }: BrokenPageProps) {
  const t = useTranslations("common.broken");
  const digest = digestOf(error);
  return (
    <MessagePage
      icon={Unplug}
      title={t("title")}
      text={t("text")}
      note={digest && t("reference", { digest })}
    >
      <Button variant="primary" onClick={retry}>
        {t("action")}
      </Button>
    </MessagePage>
  );
}

function digestOf(error: unknown): string | null {
  return error instanceof Error && "digest" in error && typeof error.digest === "string"
    ? error.digest
    : null;
}
