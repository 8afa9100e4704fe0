import { Stethoscope } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardBody, CardHead } from "../ui/card";
import { ButtonLink } from "../ui/link";

/** Where one looks at the server itself. */
export function ServerCard() {
  const t = useTranslations("doctor.card");
  return (
    <Card aria-labelledby="server">
      <CardHead id="server" title={t("title")} description={t("description")} />
      <CardBody className="pt-0 md:pt-0">
        <ButtonLink href="/settings/server" prefetch={false}>
          <Stethoscope aria-hidden />
          {t("open")}
        </ButtonLink>
      </CardBody>
    </Card>
  );
}
