import { useTranslations } from "next-intl";
import { CardBody } from "@/components/ui/card";

/** Before there is a token: why to have one, and what having one does. */
export function TokenWhy() {
  const t = useTranslations("security.why");
  return (
    <CardBody className="grid max-w-180 gap-2">
      <h3 className="font-semibold">{t("title")}</h3>
      <p className="text-pretty">{t("leak")}</p>
      <p className="text-pretty">{t("second")}</p>
      <p className="text-pretty">{t("safe")}</p>
    </CardBody>
  );
}
