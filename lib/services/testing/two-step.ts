import { TOTP } from "otpauth";
import { db } from "@/lib/db/client";
import type { Actor, Origin } from "@/lib/domain/actor";
import { signIn } from "../session/sign-in";
import { confirmTotp } from "../two-step/confirm-totp";
import { startTotp } from "../two-step/start-totp";
import { testPassword } from "./actors";

/** The code that an authenticator app with this key shows some seconds from now. */
export function codeOf(key: string, inSeconds = 0, now = new Date()): string {
  const secret = key.replaceAll(" ", "");
  return new TOTP({ secret }).generate({ timestamp: now.getTime() + inSeconds * 1000 });
}

/** Sets up an authenticator app; its present code is as good as unused afterwards. */
export async function setUpTotp(actor: Actor): Promise<{ key: string; codes: readonly string[] }> {
  const { enrolmentId, key } = await startTotp(actor);
  const { recoveryCodes } = await confirmTotp(actor, { enrolmentId, code: codeOf(key) });
  await forgetSteps(actor);
  return { key, codes: recoveryCodes ?? [] };
}

/** Makes used codes usable again, as time would do. */
export async function forgetSteps({ userId }: Pick<Actor, "userId">): Promise<void> {
  await db.totp.updateMany({ where: { userId }, data: { lastStep: 0 } });
}

/** The first step of the sign-in of someone who has a second factor. */
export async function passFirstStep(email: string, origin: Origin): Promise<string> {
  const outcome = await signIn({ email, password: testPassword }, origin);
  if (outcome.step !== "second") throw new Error("no second step is due");
  return outcome.pending;
}
