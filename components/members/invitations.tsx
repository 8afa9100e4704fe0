"use client";

import { UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog, useFormDialog } from "@/components/shell/form-dialog";
import { useRefusalMessage } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field, TextInput } from "@/components/ui/field";
import { WrapText } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  handOutInvitationAction,
  inviteMemberAction,
  resendInvitationAction,
  withdrawInvitationAction,
} from "@/lib/actions/members";
import { grantableRoles, type InvitationView, type SentInvitation } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { RoleChoice } from "./role-choice";

/** How invitations reach those they are for. */
export interface InvitationSending {
  /** Without mail, a link to hand over is the only way. */
  readonly sendsMail: boolean;
  /** The origin of the dashboard, which links to hand over begin with. */
  readonly origin: string;
}

/** Invites someone by e-mail address: by mail, or by a link to hand over. */
export function InviteMember({
  actorRole,
  sendsMail,
  origin,
}: InvitationSending & { readonly actorRole: Role }) {
  const t = useTranslations("members.invite");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [sent, setSent] = useState<SentInvitation | null>(null);
  const { failure, show, send, dialog } = useFormDialog(() => {
    setEmail("");
    setRole("viewer");
  });

  function invite() {
    send(
      () => inviteMemberAction({ email, role }),
      (invited) => (invited.path ? setSent(invited) : toast.success(t("sent", { email: invited.email }))),
    );
  }

  return (
    <>
      <Button onClick={show}>
        <UserPlus aria-hidden />
        {t("open")}
      </Button>
      <FormDialog
        {...dialog}
        title={t("title")}
        description={t(sendsMail ? "byMail" : "byLink")}
        send={invite}
        submit={t("submit")}
      >
        <TextField
          label={t("email")}
          name="email"
          type="email"
          value={email}
          onChange={setEmail}
          failure={failure}
          required
          data-autofocus
        />
        <RoleChoice roles={grantableRoles(actorRole)} value={role} onChange={setRole} />
      </FormDialog>
      <InvitationLink sent={sent} origin={origin} onClose={() => setSent(null)} />
    </>
  );
}

/** Sends an invitation again, makes a link of it to hand over, or takes it back. */
export function InvitationControls({
  invitation,
  sendsMail,
  origin,
}: InvitationSending & { readonly invitation: InvitationView }) {
  const t = useTranslations("members.invitations");
  const refusal = useRefusalMessage();
  const resending = useSubmission();
  const handingOut = useSubmission();
  const withdrawing = useSubmission();
  const [sent, setSent] = useState<SentInvitation | null>(null);
  const { id: invitationId, email } = invitation;

  function resend() {
    void resending.submit(
      () => resendInvitationAction({ invitationId }),
      (result) => {
        if (!result.ok) toast.error(refusal(result));
        else if (result.data.path) setSent(result.data);
        else toast.success(t("resent", { email }));
      },
    );
  }

  function handOut() {
    void handingOut.submit(
      () => handOutInvitationAction({ invitationId }),
      (result) => (result.ok ? setSent(result.data) : toast.error(refusal(result))),
    );
  }

  function withdraw() {
    void withdrawing.submit(
      () => withdrawInvitationAction({ invitationId }),
      (result) => (result.ok ? toast.success(t("withdrawn")) : toast.error(refusal(result))),
    );
  }

  return (
    <div className="flex flex-wrap gap-2">
      {sendsMail && (
        <Button size="sm" pending={resending.pending} onClick={resend} aria-label={t("resendOf", { email })}>
          {t("resend")}
        </Button>
      )}
      <Button size="sm" pending={handingOut.pending} onClick={handOut} aria-label={t("copyOf", { email })}>
        {t("copy")}
      </Button>
      <Button
        size="sm"
        pending={withdrawing.pending}
        onClick={withdraw}
        aria-label={t("withdrawOf", { email })}
      >
        {t("withdraw")}
      </Button>
      <InvitationLink sent={sent} origin={origin} onClose={() => setSent(null)} />
    </div>
  );
}

interface InvitationLinkProps {
  /** Closed without a link to hand over. */
  readonly sent: SentInvitation | null;
  readonly origin: string;
  readonly onClose: () => void;
}

/** The link of an invitation, to hand over; shown this once. */
function InvitationLink({ sent, origin, onClose }: InvitationLinkProps) {
  const t = useTranslations("members.link");
  const link = sent?.path ? origin + sent.path : null;
  return (
    <Dialog
      open={link !== null}
      onOpenChange={onClose}
      dismissable={false}
      title={t("title")}
      description={<WrapText>{t("text", { email: sent?.email ?? "" })}</WrapText>}
    >
      <Field label={t("label")} name="link" hint={t("hint")}>
        {(control) => (
          <span className="flex flex-wrap gap-2">
            <TextInput
              {...control}
              readOnly
              value={link ?? ""}
              onFocus={(event) => event.target.select()}
              className="flex-1 basis-56 font-mono"
            />
            <CopyButton value={link ?? ""} label={t("copy")} variant="primary" />
          </span>
        )}
      </Field>
      <DialogActions>
        <Button onClick={onClose}>{t("done")}</Button>
      </DialogActions>
    </Dialog>
  );
}
