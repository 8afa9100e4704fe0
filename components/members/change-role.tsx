"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, FormActions } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toaster";
import { grantableRoles, type MemberView } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import type { MemberActions } from "./actions";
import { RoleChoice } from "./role-choice";

interface ChangeRoleProps {
  readonly member: MemberView;
  readonly actorRole: Role;
  readonly changeRole: MemberActions["changeRole"];
}

/** Gives a member another role. */
export function ChangeRole({ member, actorRole, changeRole }: ChangeRoleProps) {
  const t = useTranslations("members.change");
  const { pending, failure, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);
  const [role, setRole] = useState(member.role);

  function change(next: boolean) {
    clear();
    setRole(member.role);
    setOpen(next);
  }

  function send() {
    void submit(
      () => changeRole({ userId: member.userId, role }),
      (result) => {
        if (!result.ok) return;
        toast.success(t("done"));
        setOpen(false);
      },
    );
  }

  return (
    <>
      <Button size="sm" onClick={() => change(true)} aria-label={t("openOf", { email: member.email })}>
        {t("open")}
      </Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title={<span className="wrap-anywhere">{t("title", { email: member.email })}</span>}
        description={t("text")}
      >
        <form action={send}>
          <div className="grid gap-5">
            <FailureNotice failure={failure} />
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
    </>
  );
}
