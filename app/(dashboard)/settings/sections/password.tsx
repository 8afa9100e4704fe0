import { PasswordCard } from "@/components/settings/password-card";
import { requireActor } from "@/lib/auth/current-actor";
import { changePasswordAction } from "../own-actions";

export async function PasswordSection() {
  const { email } = await requireActor();
  return <PasswordCard email={email} action={changePasswordAction} />;
}
