import { headers } from "next/headers";
import { PasskeysCard } from "@/components/passkeys/passkeys-card";
import { requireActor } from "@/lib/auth/current-actor";
import { localhostOrigin, pageOrigin, passkeyObstacle } from "@/lib/auth/urls";
import { listPasskeys } from "@/lib/services/passkeys/passkeys";
import { proofFactors } from "@/lib/services/session/prove";
import {
  addPasskeyAction,
  removePasskeyAction,
  renamePasskeyAction,
  startPasskeyAction,
} from "../passkey-actions";

export async function PasskeysSection() {
  const actor = await requireActor();
  const { hostname } = new URL(pageOrigin(await headers()));
  return (
    <PasskeysCard
      passkeys={await listPasskeys(actor, hostname)}
      onlyPasskeys={!(await proofFactors(actor)).includes("totp")}
      email={actor.email}
      obstacle={await passkeyObstacle()}
      elsewhere={await localhostOrigin()}
      actions={{
        start: startPasskeyAction,
        add: addPasskeyAction,
        rename: renamePasskeyAction,
        remove: removePasskeyAction,
      }}
    />
  );
}
