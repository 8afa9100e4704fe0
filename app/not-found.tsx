import { Compass } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { MessagePage, PlainPage } from "@/components/shell/plain-page";
import { ButtonLink } from "@/components/ui/button";

/** What is shown for an address that leads nowhere. */
export default async function NotFound() {
  const t = await getTranslations("common");
  return (
    <PlainPage app={t("app")}>
      <MessagePage icon={Compass} title={t("notFound.title")} text={t("notFound.text")}>
        <ButtonLink href="/overview" variant="primary">
          {t("notFound.action")}
        </ButtonLink>
      </MessagePage>
    </PlainPage>
  );
}
