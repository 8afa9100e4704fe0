"use client";

import { UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, FormActions } from "@/components/ui/dialog";
import { EmailField } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import { grantableRoles } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import type { MemberActions, SentLink } from "./actions";
import { InvitationLink } from "./invitation-link";
import { RoleChoice } from "./role-choice";

interface InviteMemberProps {
  readonly actorRole: Role;
  readonly sendsMail: boolean;
  readonly invite: MemberActions["invite"];
}

/** Invites someone by e-mail address: by mail, or by a link to hand over. */
export function InviteMember({ actorRole, sendsMail, invite }: InviteMemberProps) {
  const t = useTranslations("members.invite");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [sent, setSent] = useState<SentLink | null>(null);

  function send() {
    void submit(
      () => invite({ email, role }),
      (result) => {
        if (!result.ok) return;
        change(false);
        if (result.data.link) setSent(result.data);
        else toast.success(t("sent", { email: result.data.email }));
      },
    );
  }

  function change(next: boolean) {
    if (!next) {
      clear();
      setEmail("");
      setRole("viewer");
    }
    setOpen(next);
  }

  return (
    <>
      <Button onClick={() => change(true)}>
        <UserPlus aria-hidden />
        {t("open")}
      </Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title={t("title")}
        description={t(sendsMail ? "byMail" : "byLink")}
      >
        <form ref={form} action={send} noValidate>
          <div className="grid gap-5">
            <FailureNotice failure={failure} />
            <EmailField
              label={t("email")}
              error={fieldMessage(fieldError(failure, "email"))}
              value={email}
              onChange={setEmail}
              autoComplete="off"
            />
            <RoleChoice roles={grantableRoles(actorRole)} value={role} onChange={setRole} />
          </div>
          <FormActions
            cancel={t("cancel")}
            onCancel={() => change(false)}
            submit={t("submit")}
            pending={pending}
          />
        </form>
      </Dialog>
      <InvitationLink sent={sent} onClose={() => setSent(null)} />
    </>
  );
}
