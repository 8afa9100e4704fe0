"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useRefusalMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import type { InvitationView } from "@/lib/domain/membership";
import type { MemberActions, SentLink } from "./actions";
import { InvitationLink } from "./invitation-link";

interface InvitationControlsProps {
  readonly invitation: InvitationView;
  /** Without it, a link to hand over is the only way to renew an invitation. */
  readonly sendsMail: boolean;
  readonly actions: Pick<MemberActions, "resend" | "handOut" | "withdraw">;
}

/** Sends an invitation again, makes a link of it to hand over, or takes it back. */
export function InvitationControls({ invitation, sendsMail, actions }: InvitationControlsProps) {
  const t = useTranslations("members.invitations");
  const refusal = useRefusalMessage();
  const resending = useSubmission();
  const handingOut = useSubmission();
  const withdrawing = useSubmission();
  const [sent, setSent] = useState<SentLink | null>(null);
  const { id: invitationId, email } = invitation;

  function resend() {
    void resending.submit(
      () => actions.resend({ invitationId }),
      (result) => {
        if (!result.ok) toast.error(refusal(result));
        else if (result.data.link) setSent(result.data);
        else toast.success(t("resent", { email }));
      },
    );
  }

  function handOut() {
    void handingOut.submit(
      () => actions.handOut({ invitationId }),
      (result) => (result.ok ? setSent(result.data) : toast.error(refusal(result))),
    );
  }

  function withdraw() {
    void withdrawing.submit(
      () => actions.withdraw({ invitationId }),
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
      <InvitationLink sent={sent} onClose={() => setSent(null)} />
    </div>
  );
}
