import { EmailCard } from "@/components/settings/email-card";
import { requireActor } from "@/lib/auth/current-actor";
import { readAddress } from "@/lib/services/account/email-address";
import { requestAddressChangeAction, requestVerificationAction } from "../own-actions";

export async function EmailSection() {
  const { email, verifiedAt, wanted, mailOn } = await readAddress(await requireActor());
  return (
    <EmailCard
      email={email}
      verified={verifiedAt !== null}
      mailOn={mailOn}
      wanted={wanted}
      change={requestAddressChangeAction}
      sendLink={requestVerificationAction}
    />
  );
}
