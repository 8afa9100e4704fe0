"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { removePasskeyAction, renamePasskeyAction } from "@/lib/actions/second-factors";
import { nameMaxLength } from "@/lib/domain/instance";
import { type PasskeyObstacle, type PasskeyView, passkeysMax } from "@/lib/domain/passkey";
import { ConfirmButton } from "../shell/confirm-button";
import { OneFieldDialog } from "../shell/one-field-form";
import { Button } from "../ui/button";
import { Card, CardBody, CardFoot, CardHead, CardRow } from "../ui/card";
import { DateTime } from "../ui/date-time";
import { TextLink } from "../ui/link";
import { RelativeTime } from "../ui/relative-time";
import { Notice } from "../ui/status";
import { toast } from "../ui/toaster";
import { AddPasskey } from "./add-passkey";

interface PasskeysCardProps {
  readonly passkeys: readonly PasskeyView[];
  /** The person has no second factor besides. */
  readonly onlyPasskeys: boolean;
  readonly email: string;
  /** Why passkeys cannot be used on this page, if they cannot. */
  readonly obstacle: PasskeyObstacle | null;
  /** This page's origin under a host name, where there is one. */
  readonly elsewhere: string | null;
}

/** The person's passkeys, and a way to add one. */
export function PasskeysCard(props: PasskeysCardProps) {
  const { passkeys, onlyPasskeys, email, obstacle, elsewhere } = props;
  const t = useTranslations("passkeys");
  const errors = useTranslations("errors.code");
  return (
    <Card aria-labelledby="passkeys">
      <CardHead id="passkeys" title={t("title")} description={t("description")} />
      {passkeys.length > 0 ? (
        <div className="border-line border-t">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} last={onlyPasskeys && passkeys.length === 1} />
          ))}
        </div>
      ) : (
        !obstacle && <CardBody className="pt-0 text-muted md:pt-0">{t("empty")}</CardBody>
      )}
      {obstacle && (
        <CardBody className="border-line border-t">
          <Notice tone="idle">
            {errors(`passkey_${obstacle}`)}{" "}
            {elsewhere && (
              <TextLink href={`${elsewhere}/settings`}>{`${new URL(elsewhere).host}/settings`}</TextLink>
            )}
          </Notice>
        </CardBody>
      )}
      {!obstacle && passkeys.length < passkeysMax && (
        <AddPasskey email={email} first={passkeys.length === 0} />
      )}
      {passkeys.length >= passkeysMax && <CardFoot note={t("full", { max: passkeysMax })} />}
    </Card>
  );
}

interface PasskeyRowProps {
  readonly passkey: PasskeyView;
  /** It is the person's last second factor. */
  readonly last: boolean;
}

/** One passkey: its name, where it is kept, when it was used, and what can be done with it. */
function PasskeyRow({ passkey, last }: PasskeyRowProps) {
  const t = useTranslations("passkeys");
  const { id: passkeyId, name, createdAt, lastUsedAt, synced, otherHost } = passkey;
  return (
    <CardRow
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
      <RenamePasskey passkeyId={passkeyId} name={name} />
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
        submit={t("remove.submit")}
        submitVariant="danger"
        run={() => removePasskeyAction({ passkeyId })}
        onDone={() => toast.success(t("remove.done", { name }))}
      />
    </CardRow>
  );
}

interface RenamePasskeyProps {
  readonly passkeyId: string;
  readonly name: string;
}

/** Gives a passkey another name. */
function RenamePasskey({ passkeyId, name }: RenamePasskeyProps) {
  const t = useTranslations("passkeys");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="quiet"
        aria-label={t("rename.openOf", { name })}
        title={t("rename.open")}
        onClick={() => setOpen(true)}
      >
        <Pencil aria-hidden />
      </Button>
      {open && (
        <OneFieldDialog
          title={t("rename.title")}
          description={t("rename.description")}
          name="name"
          label={t("rename.name")}
          value={name}
          input={{ required: true, maxLength: nameMaxLength }}
          submit={t("rename.submit")}
          save={(typed) => renamePasskeyAction({ passkeyId, name: typed })}
          saved={(typed) => t("rename.done", { name: typed.trim() })}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
