"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action, answer, quietAction, runAction, runProof } from "@/lib/auth/action";
import { endBrowserSession } from "@/lib/auth/end-browser-session";
import { passkeySite } from "@/lib/auth/passkey-site";
import { clearSessionCookie } from "@/lib/auth/session-cookie";
import type { Assertion } from "@/lib/services/passkeys/assertion";
import { prove, proveWithPasskey, startPasskeyProof } from "@/lib/services/session/prove";

/** Checks again who acts, so that what can hurt may be done for some minutes. */
export const proveAction = action([z.object({ password: z.string(), code: z.string() })], (input) =>
  runProof((actor) => prove(actor, input)),
);

/** What the browser is to have signed by a passkey of whoever acts. */
export const startPasskeyProofAction = action([], () =>
  runAction(async (actor) => startPasskeyProof(actor, { site: await passkeySite() })),
);

/** Checks again who acts, by a passkey. */
export const provePasskeyAction = action([z.object({ answer: answer<Assertion>() })], (input) =>
  runProof(async (actor) => proveWithPasskey(actor, { ...input, site: await passkeySite() })),
);

/** Ends the session and goes to the login page, also when the session is over already. */
export const signOutAction = quietAction([], async () => {
  await endBrowserSession();
  await clearSessionCookie();
  redirect("/login");
});
