import { DeleteAccount } from "@/components/account/delete-account";
import { requireActor } from "@/lib/auth/current-actor";
import { listInstances } from "@/lib/services/instances/read";
import { listMembers } from "@/lib/services/members/members";
import { deleteAccountAction } from "../account-actions";

export async function DeleteAccountSection() {
  const actor = await requireActor();
  const [instances, members] = await Promise.all([listInstances(actor), listMembers(actor)]);
  return (
    <DeleteAccount
      accountName={actor.accountName}
      instances={instances.total}
      members={members.length}
      remove={deleteAccountAction}
    />
  );
}
