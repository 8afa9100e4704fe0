import { useTranslations } from "next-intl";
import { type PasskeyObstacle, type PasskeyView, passkeysMax } from "@/lib/domain/passkey";
import { Card, CardBody, CardFoot, CardHead } from "../ui/card";
import { TextLink } from "../ui/link";
import { Notice } from "../ui/status";
import type { PasskeyActions } from "./actions";
import { AddPasskey } from "./add-passkey";
import { PasskeyRow } from "./passkey-row";

interface PasskeysCardProps {
  readonly passkeys: readonly PasskeyView[];
  /** The person has no second factor besides. */
  readonly onlyPasskeys: boolean;
  readonly email: string;
  /** Why passkeys cannot be used on this page, if they cannot. */
  readonly obstacle: PasskeyObstacle | null;
  /** This page's origin under a host name, where there is one. */
  readonly elsewhere: string | null;
  readonly actions: PasskeyActions;
}

/** The person's passkeys, and a way to add one. */
export function PasskeysCard(props: PasskeysCardProps) {
  const { passkeys, onlyPasskeys, email, obstacle, elsewhere, actions } = props;
  const t = useTranslations("passkeys");
  const errors = useTranslations("errors.code");
  return (
    <Card aria-labelledby="passkeys">
      <CardHead id="passkeys" title={t("title")} description={t("description")} />
      {passkeys.length > 0 ? (
        <div className="border-line border-t">
          {passkeys.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              last={onlyPasskeys && passkeys.length === 1}
              actions={actions}
            />
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
        <AddPasskey email={email} first={passkeys.length === 0} actions={actions} />
      )}
      {passkeys.length >= passkeysMax && <CardFoot note={t("full", { max: passkeysMax })} />}
    </Card>
  );
}
