"use server";

import { z } from "zod";
import { action, answer, runPublicAction } from "@/lib/auth/action";
import { requestOrigin } from "@/lib/auth/origin";
import { browserSecret, keepBrowserSecret } from "@/lib/auth/passkey-cookie";
import { passkeySite } from "@/lib/auth/passkey-site";
import type { ActionResult } from "@/lib/domain/errors";
import type { Assertion, AssertionOptions } from "@/lib/services/passkeys/assertion";
import { signInWithPasskey, startPasskeySignIn } from "@/lib/services/session/sign-in-with-passkey";
import { admit } from "./enter";

/** What the browser is to have signed by a passkey. */
export const startPasskeySignInAction = action([], async (): Promise<ActionResult<AssertionOptions>> => {
  return runPublicAction(async () => startPasskeySignIn(await keepBrowserSecret(), await passkeySite()));
});

/** Signs in with a passkey alone; answers the path to go to. */
export const passkeySignInAction = action(
  [z.object({ answer: answer<Assertion>(), callbackUrl: z.string() })],
  async (input): Promise<ActionResult<string>> => {
    const { answer, callbackUrl } = input;
    return runPublicAction(async () => {
      const site = await passkeySite();
      const signedIn = await signInWithPasskey(await browserSecret(), answer, site, await requestOrigin());
      return admit({ step: "done", ...signedIn }, callbackUrl);
    });
  },
);
