"use client";

import { useTranslations } from "next-intl";
import type { ActionResult } from "@/lib/domain/errors";
import type { IdentityView } from "@/lib/domain/single-sign-on";
import { ConfirmButton } from "../two-step/confirm-button";
import { toast } from "../ui/toaster";

/** The server action that unlinks one sign-in of one's own. */
export type UnlinkIdentityAction = (input: { readonly identityId: string }) => Promise<ActionResult<void>>;

interface UnlinkIdentityProps {
  readonly identity: IdentityView;
  readonly unlink: UnlinkIdentityAction;
}

/** Unlinks a sign-in, after saying what that means. */
export function UnlinkIdentity({ identity, unlink }: UnlinkIdentityProps) {
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
      submitLabel={t("unlink")}
      submitVariant="danger"
      run={() => unlink({ identityId: id })}
      onDone={() => toast.success(t("done"))}
    />
  );
}
