import { newTotpSeed, totpUri } from "@/lib/crypto/totp";
import type { Actor } from "@/lib/domain/actor";
import type { TotpEnrolment } from "@/lib/domain/second-factor";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { requireProof } from "../session/require-proof";
import { qrCode } from "./qr-code";
import { keepNewSeed } from "./totp-factor";

/**
 * Makes a seed for an authenticator app. Nothing asks for its codes until one of them has confirmed it; an app
 * in use stays in use until then, and an earlier attempt is forgotten.
 *
 * @returns the seed, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`
 */
export async function startTotp(actor: Actor): Promise<TotpEnrolment> {
  authorize(actor, "self.change");
  requireProof(actor);
  const seed = newTotpSeed();
  const enrolmentId = await changeSelf(actor, async (tx) => ({
    result: await keepNewSeed(tx, actor.userId, seed),
    event: null,
  }));
  const uri = totpUri(seed, actor.email);
  return { enrolmentId, key: seed.replace(/(.{4})(?=.)/g, "$1 "), uri, qr: qrCode(uri) };
}
