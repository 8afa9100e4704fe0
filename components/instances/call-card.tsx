import { useTranslations } from "next-intl";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import type { TokenStatus } from "@/lib/domain/enforcement";
import { CallSamples } from "./call-samples";
import { term } from "./code-tag";
import { accountTokenPlaceholder } from "./samples";

/** The part of an instance's page that shows how to call it. */
export const callCardId = "call-samples";

interface CallCardProps {
  readonly name: string;
  /** The built-in echo answers, so any path can be tried. */
  readonly echo: boolean;
  readonly tokenStatus: TokenStatus;
}

/** Sample calls of one instance. */
export function CallCard({ name, echo, tokenStatus }: CallCardProps) {
  const t = useTranslations("instances.samples");
  const demanded = tokenStatus === "active" || tokenStatus === "staged";
  const values = { term, placeholder: accountTokenPlaceholder };
  return (
    <Card aria-labelledby={callCardId}>
      <CardHead
        id={callCardId}
        title={t("title")}
        description={demanded ? t.rich("descriptionActive", values) : t.rich("description", values)}
      />
      <CardBody className="pt-0 md:pt-0">
        <CallSamples name={name} path={samplePath(echo)} />
      </CardBody>
    </Card>
  );
}

/** Something that answers: the echo takes any path, an upstream knows at least its root. */
export function samplePath(echo: boolean): string {
  return echo ? "/hello" : "/";
}
