import { Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import { DateTime } from "@/components/ui/date-time";
import { StatusPill } from "@/components/ui/status";
import { type InvitationView, mayGrant } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import type { MemberActions } from "./actions";
import { InvitationControls } from "./invitation-controls";

interface InvitationListProps {
  readonly invitations: readonly InvitationView[];
  readonly actorRole: Role;
  readonly sendsMail: boolean;
  readonly actions: MemberActions;
}

/** Those who were asked and have not come yet. */
export function InvitationList({ invitations, actorRole, sendsMail, actions }: InvitationListProps) {
  const t = useTranslations("members.invitations");
  const role = useTranslations("common.role");
  if (invitations.length === 0) return null;
  return (
    <div className="border-line border-t">
      <h3 id="invitations" className="px-4 pt-4 pb-1 font-semibold md:px-6">
        {t("title", { count: invitations.length })}
      </h3>
      <ul aria-labelledby="invitations">
        {invitations.map((invitation) => (
          <li
            key={invitation.id}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line px-4 py-3 not-last:border-b md:px-6"
          >
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium wrap-anywhere">{invitation.email}</p>
              <p className="flex flex-wrap items-center gap-x-2 text-muted text-xs wrap-anywhere">
                {t("by", { role: role(invitation.role), inviter: invitation.invitedBy })}
                {invitation.expired ? (
                  <StatusPill tone="warn" icon={Clock}>
                    {t("expired")}
                  </StatusPill>
                ) : (
                  <span>{t.rich("until", { when: () => <DateTime date={invitation.expiresAt} /> })}</span>
                )}
              </p>
            </div>
            {mayGrant(actorRole, invitation.role) && (
              <InvitationControls invitation={invitation} sendsMail={sendsMail} actions={actions} />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
