import { Compass } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "../ui/link";
import { MessagePage } from "./plain-page";

// Apart from plain-page.tsx, which pages that say what broke load: they need no link.
/** What is shown for an address that leads nowhere, or to another account's. */
export function NotFoundPage() {
  const t = useTranslations("common.notFound");
  return (
    <MessagePage icon={Compass} title={t("title")} text={t("text")}>
      <ButtonLink href="/overview" variant="primary">
        {t("action")}
      </ButtonLink>
    </MessagePage>
  );
}
