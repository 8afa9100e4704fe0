import { useTranslations } from "next-intl";
import { useId } from "react";
import { Card, CardBody, CardHead } from "@/components/ui/card";

interface UpstreamSummaryProps {
  readonly upstreamUrl: string | null;
  readonly headerNames: readonly string[];
}

/** Where calls go, for those who may look but not change. */
export function UpstreamSummary({ upstreamUrl, headerNames }: UpstreamSummaryProps) {
  const t = useTranslations("instances.upstream");
  const headingId = useId();
  return (
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={t("title")} description={t("description")} />
      <CardBody className="grid gap-1 pt-0 md:pt-0 wrap-anywhere">
        <p>{upstreamUrl ?? t("viewerEcho")}</p>
        {headerNames.length > 0 && (
          <p className="text-muted">{t("headersList", { names: headerNames.join(", ") })}</p>
        )}
      </CardBody>
    </Card>
  );
}
