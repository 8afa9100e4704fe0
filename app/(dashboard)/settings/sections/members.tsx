import { MembersCard } from "@/components/members/members-card";
import { requireActor } from "@/lib/auth/current-actor";
import { dashboardOrigin } from "@/lib/auth/public-urls";
import { can } from "@/lib/domain/permissions";
import { sendsMail } from "@/lib/services/mail/queue";
import { listInvitations } from "@/lib/services/members/invite";
import { listMembers } from "@/lib/services/members/members";

export async function MembersSection() {
  const actor = await requireActor();
  const [members, invitations, origin] = await Promise.all([
    listMembers(actor),
    can(actor.role, "invitation.read") ? listInvitations(actor) : null,
    dashboardOrigin(),
  ]);
  return (
    <MembersCard
      members={members}
      invitations={invitations}
      actorRole={actor.role}
      accountName={actor.accountName}
      sendsMail={sendsMail()}
      origin={origin}
    />
  );
}
