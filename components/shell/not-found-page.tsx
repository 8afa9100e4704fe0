import { Compass } from "lucide-react";
import { useTranslations } from "next-intl";
import { buttonStyle } from "../ui/button";
import { MessagePage } from "./plain-page";

// Every page loads what this one needs: the browser's own link will do.
/** What is shown for an address that leads nowhere, or to another account's. */
export function NotFoundPage() {
  const t = useTranslations("common.notFound");
  return (
    <MessagePage icon={Compass} title={t("title")} text={t("text")}>
      <a href="/overview" className={buttonStyle("primary", "md")}>
        {t("action")}
      </a>
    </MessagePage>
  );
}
