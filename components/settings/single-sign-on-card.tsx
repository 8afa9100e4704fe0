"use client";

import { Minus } from "lucide-react";
import { useTranslations } from "next-intl";
import { WrapText } from "@/components/ui/text";
import { unlinkIdentityAction } from "@/lib/actions/settings";
import type { IdentityView, SingleSignOnView } from "@/lib/domain/single-sign-on";
import { ConfirmButton } from "../shell/confirm-button";
import { Card, CardBody, CardHead, CardRow } from "../ui/card";
import { DateTime } from "../ui/date-time";
import { RelativeTime } from "../ui/relative-time";
import { StatusPill } from "../ui/status";
import { toast } from "../ui/toaster";

/** Sign-ins at the provider that are linked to the person. */
export function SingleSignOnCard({ view }: { readonly view: SingleSignOnView }) {
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
            <CardRow
              key={identity.id}
              title={<WrapText>{identity.email}</WrapText>}
              text={<Uses identity={identity} />}
            >
              <UnlinkIdentity identity={identity} />
            </CardRow>
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
      <WrapText>
        {t.rich("at", { issuer, when: () => <DateTime date={linkedAt} precision="date" /> })}
      </WrapText>{" "}
      {lastUsedAt && t.rich("used", { when: () => <RelativeTime date={lastUsedAt} /> })}
    </>
  );
}

/** Unlinks a sign-in, after saying what that means. */
function UnlinkIdentity({ identity }: { readonly identity: IdentityView }) {
  const t = useTranslations("settings.singleSignOn");
  const { id, email, issuer } = identity;
  return (
    <ConfirmButton
      label={t("unlink")}
      variant="quiet"
      title={t("confirmTitle", { email })}
      effects={
        <>
          <li>{t("effect", { issuer })}</li>
          <li>{t("keep")}</li>
          <li>{t("again")}</li>
        </>
      }
      submit={t("unlink")}
      submitVariant="danger"
      run={() => unlinkIdentityAction({ identityId: id })}
      onDone={() => toast.success(t("done"))}
    />
  );
}
