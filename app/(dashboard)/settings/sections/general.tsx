import { GeneralCard } from "@/components/account/general-card";
import { HandOver } from "@/components/account/hand-over";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/domain/permissions";
import { listMembers } from "@/lib/services/members/members";
import { renameAccountAction } from "../account-actions";

export async function GeneralSection() {
  const actor = await requireActor();
  const { accountName } = actor;
  const others = can(actor.role, "account.transfer")
    ? (await listMembers(actor)).filter(({ self }) => !self)
    : [];
  return (
    <GeneralCard accountName={accountName} rename={renameAccountAction}>
      <HandOver accountName={accountName} members={others.map(({ userId, email }) => ({ userId, email }))} />
    </GeneralCard>
  );
}
