import { MembersCard } from "@/components/members/members-card";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/domain/permissions";
import { sendsMail } from "@/lib/services/mail/queue";
import { listInvitations } from "@/lib/services/members/invite";
import { listMembers } from "@/lib/services/members/members";
import * as actions from "../member-actions";

const memberActions = {
  invite: actions.inviteMemberAction,
  resend: actions.resendInvitationAction,
  handOut: actions.handOutInvitationAction,
  withdraw: actions.withdrawInvitationAction,
  changeRole: actions.changeMemberRoleAction,
  endSessions: actions.endMemberSessionsAction,
  remove: actions.removeMemberAction,
  leave: actions.leaveAccountAction,
};

export async function MembersSection() {
  const actor = await requireActor();
  const [members, invitations] = await Promise.all([
    listMembers(actor),
    can(actor.role, "invitation.read") ? listInvitations(actor) : null,
  ]);
  return (
    <MembersCard
      members={members}
      invitations={invitations}
      actorRole={actor.role}
      accountName={actor.accountName}
      sendsMail={sendsMail()}
      actions={memberActions}
    />
  );
}
