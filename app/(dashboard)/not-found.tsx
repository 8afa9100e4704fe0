import { Compass } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { MessagePage } from "@/components/shell/plain-page";
import { ButtonLink } from "@/components/ui/button";

/** What is shown inside the dashboard for something that does not exist or is another account's. */
export default async function NotFound() {
  const t = await getTranslations("common");
  return (
    <MessagePage icon={Compass} title={t("notFound.title")} text={t("notFound.text")}>
      <ButtonLink href="/overview" variant="primary">
        {t("notFound.action")}
      </ButtonLink>
    </MessagePage>
  );
}
