"use client";

import { Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { ConsequenceDialog } from "@/components/consequence/consequence-dialog";
import { nameTag } from "@/components/shell/deletion-dialog";
import { FailureNotice } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { CopyField } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import { forecastInstanceChangeAction, regenerateInstanceTokenAction } from "@/lib/actions/instances";
import { useInstanceSecret } from "./instance-secret";
import { maskedToken, wireAnswers } from "./samples";

interface ConnectionProps {
  readonly instanceId: string;
  /** The id in its URL. */
  readonly calledId: string;
  readonly name: string;
  /** Whether this person may replace the token. */
  readonly mayRegenerate: boolean;
}

/** Where to call an instance: its id, its token and the URL made of both. */
export function ConnectionCard({ instanceId, calledId, name, mayRegenerate }: ConnectionProps) {
  const t = useTranslations("instances.connection");
  const secret = useInstanceSecret();
  const [replaced, setReplaced] = useState(false);
  const headingId = useId();
  const shown = secret.visible !== null;

  return (
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={t("title")} description={t("description")} />
      <CardBody className="grid gap-5 pt-0 md:pt-0">
        <CopyField label={t("id")} value={calledId} copyLabel={t("copyId")} />
        <FailureNotice failure={secret.failure} />
        <CopyField
          label={t("token")}
          value={secret.visible ?? maskedToken}
          copyLabel={t("copyToken")}
          getValue={secret.obtain}
          copy={secret.canReveal}
          hint={secret.canReveal ? undefined : t("viewer")}
        >
          {secret.canReveal && (
            <Button
              pending={secret.pending}
              onClick={shown ? secret.hide : secret.show}
              className="shrink-0 max-sm:order-last max-sm:basis-full"
            >
              {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
              {shown ? t("hide") : t("reveal")}
            </Button>
          )}
        </CopyField>
        {replaced && (
          <Notice tone="good" role="status">
            {t("regenerated")}
          </Notice>
        )}
        <CopyField
          label={t("baseUrl")}
          value={secret.shownUrl}
          copyLabel={t("copyBaseUrl")}
          getValue={secret.obtainUrl}
          hint={t("baseUrlHint")}
        />
      </CardBody>
      {mayRegenerate && (
        <CardFoot note={t("foot")}>
          <RegenerateToken
            instanceId={instanceId}
            name={name}
            onDone={(token) => {
              secret.replace(token);
              setReplaced(true);
            }}
          />
        </CardFoot>
      )}
    </Card>
  );
}

interface RegenerateProps extends Pick<ConnectionProps, "instanceId" | "name"> {
  readonly onDone: (token: string) => void;
}

/** Replaces the token, after saying whose calls end with the old one. */
function RegenerateToken({ instanceId, name, onDone }: RegenerateProps) {
  const t = useTranslations("instances.regenerate");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("open")}</Button>
      {open && (
        <ConsequenceDialog
          title={t("title")}
          description={<span className="wrap-anywhere">{t("description", { name })}</span>}
          read={() => forecastInstanceChangeAction({ instanceId, change: "regenerate" })}
          nameLabel={t.rich("confirm", { value: name, name: nameTag })}
          field="confirmName"
          cancel={t("cancel")}
          submit={t("submit")}
          variant="danger"
          run={(confirmName, named) => regenerateInstanceTokenAction({ instanceId, confirmName, named })}
          onDone={({ token }) => {
            setOpen(false);
            onDone(token);
          }}
          onClose={() => setOpen(false)}
        >
          <Effects>
            <li>{t.rich("effectOld", { code, answer: wireAnswers.unknownInstance })}</li>
            <li>{t("effectNew")}</li>
            <li>{t("effectOthers")}</li>
          </Effects>
        </ConsequenceDialog>
      )}
    </>
  );
}
