import { ProfileCard } from "@/components/settings/profile-card";
import { requireActor } from "@/lib/auth/current-actor";
import { signOutAction } from "../../actions";

export async function ProfileSection() {
  const { email, accountName, role } = await requireActor();
  return <ProfileCard email={email} accountName={accountName} role={role} signOut={signOutAction} />;
}
