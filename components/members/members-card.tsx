import { Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardHead } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { StatusPill } from "@/components/ui/status";
import { WrapText } from "@/components/ui/text";
import { type InvitationView, type MemberView, mayGrant } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { InvitationControls, type InvitationSending, InviteMember } from "./invitations";
import { MemberTable } from "./member-table";

interface MembersCardProps extends InvitationSending {
  readonly members: readonly MemberView[];
  /** null for those who may not invite. */
  readonly invitations: readonly InvitationView[] | null;
  readonly actorRole: Role;
  readonly accountName: string;
}

/** Who is in the account, who is asked to join, and the ways to change that. */
export function MembersCard({ members, invitations, actorRole, accountName, ...sending }: MembersCardProps) {
  const t = useTranslations("members");
  return (
    <Card aria-labelledby="members">
      <CardHead
        id="members"
        title={t("title")}
        description={t(invitations ? "description" : "descriptionViewer", { count: members.length })}
        aside={invitations && <InviteMember actorRole={actorRole} {...sending} />}
      />
      <MemberTable members={members} actorRole={actorRole} accountName={accountName} />
      {invitations && invitations.length > 0 && (
        <InvitationList invitations={invitations} actorRole={actorRole} {...sending} />
      )}
    </Card>
  );
}

interface InvitationListProps extends InvitationSending {
  readonly invitations: readonly InvitationView[];
  readonly actorRole: Role;
}

/** Those who were asked and have not come yet. */
function InvitationList({ invitations, actorRole, ...sending }: InvitationListProps) {
  const t = useTranslations("members.invitations");
  const role = useTranslations("common.role");
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
              <p className="font-medium">
                <WrapText>{invitation.email}</WrapText>
              </p>
              <p className="flex flex-wrap items-center gap-x-2 text-muted text-xs">
                <WrapText>{t("by", { role: role(invitation.role), inviter: invitation.invitedBy })}</WrapText>
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
              <InvitationControls invitation={invitation} {...sending} />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
