"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field, TextInput } from "@/components/ui/field";
import type { SentLink } from "./actions";

interface InvitationLinkProps {
  /** null closes the dialog. */
  readonly sent: SentLink | null;
  readonly onClose: () => void;
}

/** The link of an invitation, to hand over; shown this once. */
export function InvitationLink({ sent, onClose }: InvitationLinkProps) {
  const t = useTranslations("members.link");
  return (
    <Dialog
      open={sent !== null && sent.link !== null}
      onOpenChange={onClose}
      dismissable={false}
      title={t("title")}
      description={<span className="wrap-anywhere">{t("text", { email: sent?.email ?? "" })}</span>}
    >
      <Field label={t("label")} name="link" hint={t("hint")}>
        {(control) => (
          <span className="flex flex-wrap gap-2">
            <TextInput
              {...control}
              readOnly
              value={sent?.link ?? ""}
              onFocus={(event) => event.target.select()}
              className="flex-1 basis-56 font-mono"
            />
            <CopyButton
              value={sent?.link ?? ""}
              label={t("copy")}
              copiedLabel={t("copied")}
              failedLabel={t("failed")}
              variant="primary"
            />
          </span>
        )}
      </Field>
      <DialogActions>
        <Button onClick={onClose}>{t("done")}</Button>
      </DialogActions>
    </Dialog>
  );
}
