import { useTranslations } from "next-intl";
import { Card, CardHead } from "@/components/ui/card";
import type { InvitationView, MemberView } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import type { MemberActions } from "./actions";
import { InvitationList } from "./invitation-list";
import { InviteMember } from "./invite-member";
import { MemberTable } from "./member-table";

interface MembersCardProps {
  readonly members: readonly MemberView[];
  /** null for those who may not invite. */
  readonly invitations: readonly InvitationView[] | null;
  readonly actorRole: Role;
  readonly accountName: string;
  readonly sendsMail: boolean;
  readonly actions: MemberActions;
}

/** Who is in the account, who is asked to join, and the ways to change that. */
export function MembersCard({ members, invitations, actorRole, sendsMail, ...rest }: MembersCardProps) {
  const t = useTranslations("members");
  return (
    <Card aria-labelledby="members">
      <CardHead
        id="members"
        title={t("title")}
        description={t(invitations ? "description" : "descriptionViewer", { count: members.length })}
        aside={
          invitations && (
            <InviteMember actorRole={actorRole} sendsMail={sendsMail} invite={rest.actions.invite} />
          )
        }
      />
      <MemberTable members={members} actorRole={actorRole} {...rest} />
      {invitations && (
        <InvitationList
          invitations={invitations}
          actorRole={actorRole}
          sendsMail={sendsMail}
          actions={rest.actions}
        />
      )}
    </Card>
  );
}
