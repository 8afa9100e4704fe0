import { SingleSignOnCard } from "@/components/single-sign-on/single-sign-on-card";
import { requireActor } from "@/lib/auth/current-actor";
import { readSingleSignOn } from "@/lib/services/identities/sign-in-with-identity";
import { unlinkIdentityAction } from "../single-sign-on-actions";

export async function SingleSignOnSection() {
  return (
    <SingleSignOnCard view={await readSingleSignOn(await requireActor())} unlink={unlinkIdentityAction} />
  );
}
