import { Minus } from "lucide-react";
import { useTranslations } from "next-intl";
import type { IdentityView, SingleSignOnView } from "@/lib/domain/single-sign-on";
import { Row } from "../two-step/row";
import { Card, CardBody, CardHead } from "../ui/card";
import { DateTime } from "../ui/date-time";
import { RelativeTime } from "../ui/relative-time";
import { StatusPill } from "../ui/status";
import { UnlinkIdentity, type UnlinkIdentityAction } from "./unlink-identity";

interface SingleSignOnCardProps {
  readonly view: SingleSignOnView;
  readonly unlink: UnlinkIdentityAction;
}

/** Sign-ins at the provider that are linked to the person. */
export function SingleSignOnCard({ view, unlink }: SingleSignOnCardProps) {
  const t = useTranslations("settings.singleSignOn");
  const { provider, identities } = view;
  const none = identities.length === 0;
  return (
    <Card aria-labelledby="single-sign-on">
      <CardHead
        id="single-sign-on"
        title={t("title")}
        description={t("description", { name: provider })}
        aside={
          none ? (
            <StatusPill tone="idle" icon={Minus}>
              {t("status.off")}
            </StatusPill>
          ) : (
            <StatusPill tone="good">{t("status.on")}</StatusPill>
          )
        }
      />
      {none ? (
        <CardBody className="border-line border-t text-pretty text-muted wrap-anywhere">
          {t("none", { name: provider })}
        </CardBody>
      ) : (
        <div className="border-line border-t">
          {identities.map((identity) => (
            <Row key={identity.id} title={identity.email} text={<Uses identity={identity} />}>
              <UnlinkIdentity identity={identity} unlink={unlink} />
            </Row>
          ))}
        </div>
      )}
    </Card>
  );
}

function Uses({ identity: { issuer, linkedAt, lastUsedAt } }: { readonly identity: IdentityView }) {
  const t = useTranslations("settings.singleSignOn");
  return (
    <>
      {t.rich("at", { issuer, when: () => <DateTime date={linkedAt} precision="date" /> })}{" "}
      {lastUsedAt && t.rich("used", { when: () => <RelativeTime date={lastUsedAt} /> })}
    </>
  );
}
