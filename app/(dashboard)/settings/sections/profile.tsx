import { ProfileCard } from "@/components/settings/profile-card";
import { requireActor } from "@/lib/auth/current-actor";
import { readOwnName } from "@/lib/services/account/read-own-name";
import { signOutAction } from "../../actions";
import { changeOwnNameAction } from "../account-actions";

export async function ProfileSection() {
  const actor = await requireActor();
  const { email, accountName, role } = actor;
  return (
    <ProfileCard
      name={await readOwnName(actor)}
      changeName={changeOwnNameAction}
      email={email}
      accountName={accountName}
      role={role}
      signOut={signOutAction}
    />
  );
}
