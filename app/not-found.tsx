import { getTranslations } from "next-intl/server";
import { NotFoundPage } from "@/components/shell/not-found-page";
import { PlainPage } from "@/components/shell/plain-page";

/** What is shown for an address that leads nowhere. */
export default async function NotFound() {
  const t = await getTranslations("common");
  return (
    <PlainPage app={t("app")}>
      <NotFoundPage />
    </PlainPage>
  );
}
