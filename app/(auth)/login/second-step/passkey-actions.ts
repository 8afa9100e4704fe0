"use server";

import { z } from "zod";
import { action, answer, runPublicAction } from "@/lib/auth/action";
import { requestOrigin } from "@/lib/auth/origin";
import { passkeySite } from "@/lib/auth/passkey-site";
import { clearPendingSignIn, pendingSignIn } from "@/lib/auth/second-step-cookie";
import type { ActionResult } from "@/lib/domain/errors";
import type { Assertion, AssertionOptions } from "@/lib/services/passkeys/assertion";
import { finishWithPasskey, startPasskeyStep } from "@/lib/services/session/second-step";
import { admit } from "../../enter";
import { loginPath } from "../../return-path";

/** What the browser is to have signed by a passkey of whoever's sign-in waits. */
export const startPasskeyStepAction = action([], async (): Promise<ActionResult<AssertionOptions>> => {
  return runPublicAction(async () => startPasskeyStep((await pendingSignIn()) ?? "", await passkeySite()));
});

/**
 * The second step with a passkey; answers the path to go to. When the sign-in waits no longer it begins again,
 * with a word why.
 */
export const passkeyStepAction = action(
  [z.object({ answer: answer<Assertion>(), callbackUrl: z.string() })],
  async (input): Promise<ActionResult<string>> => {
    const { answer, callbackUrl } = input;
    const result = await runPublicAction(async () => {
      const pending = (await pendingSignIn()) ?? "";
      const signedIn = await finishWithPasskey(pending, answer, await passkeySite(), await requestOrigin());
      return admit({ step: "done", ...signedIn }, callbackUrl);
    });
    if (result.ok) return result;
    // Here it was no code that is not right.
    if (result.code === "second_step_failed") return { ...result, code: "passkey_failed" };
    if (result.code !== "second_step_over") return result;
    await clearPendingSignIn();
    return { ok: true, data: loginPath("/login", callbackUrl, { over: "1" }) };
  },
);
