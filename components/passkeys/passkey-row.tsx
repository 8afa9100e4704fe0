"use client";

import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PasskeyView } from "@/lib/domain/passkey";
import { ConfirmButton } from "../two-step/confirm-button";
import { Row } from "../two-step/row";
import { DateTime } from "../ui/date-time";
import { RelativeTime } from "../ui/relative-time";
import { toast } from "../ui/toaster";
import type { PasskeyActions } from "./actions";
import { RenamePasskey } from "./rename-passkey";

interface PasskeyRowProps {
  readonly passkey: PasskeyView;
  /** It is the person's last second factor. */
  readonly last: boolean;
  readonly actions: Pick<PasskeyActions, "rename" | "remove">;
}

/** One passkey: its name, where it is kept, when it was used, and what can be done with it. */
export function PasskeyRow({ passkey, last, actions }: PasskeyRowProps) {
  const t = useTranslations("passkeys");
  const { id: passkeyId, name, createdAt, lastUsedAt, synced, otherHost } = passkey;
  return (
    <Row
      title={name}
      text={
        <>
          {t.rich("addedOn", { when: () => <DateTime date={createdAt} precision="date" /> })}
          {" · "}
          {lastUsedAt
            ? t.rich("lastUsed", { when: () => <RelativeTime date={lastUsedAt} /> })
            : t("neverUsed")}
          {" · "}
          {otherHost ? t("otherHost", { host: otherHost }) : t(synced ? "synced" : "single")}
        </>
      }
    >
      <RenamePasskey passkeyId={passkeyId} name={name} rename={actions.rename} />
      <ConfirmButton
        label={
          <>
            <Trash2 aria-hidden />
            <span className="sr-only">{t("remove.openOf", { name })}</span>
          </>
        }
        variant="quiet"
        title={t("remove.title", { name })}
        description={t("remove.description")}
        effects={
          <>
            {last && <li>{t("remove.last")}</li>}
            <li>{t("remove.device")}</li>
            <li>{t("remove.again")}</li>
          </>
        }
        submitLabel={t("remove.submit")}
        submitVariant="danger"
        run={() => actions.remove({ passkeyId })}
        onDone={() => toast.success(t("remove.done", { name }))}
      />
    </Row>
  );
}
