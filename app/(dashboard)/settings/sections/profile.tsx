import { ProfileCard } from "@/components/settings/profile-card";
import { requireActor } from "@/lib/auth/current-actor";
import { readOwnName } from "@/lib/services/account/account";
import { signOutAction } from "../../actions";
import { changeOwnNameAction } from "../account-actions";

export async function ProfileSection() {
  const actor = await requireActor();
  return (
    <ProfileCard name={await readOwnName(actor)} changeName={changeOwnNameAction} signOut={signOutAction} />
  );
}
