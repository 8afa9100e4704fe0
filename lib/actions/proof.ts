"use server";

import { z } from "zod";
import { actionOf, answer, asMember, serverAction } from "@/lib/auth/action";
import { renewSessionCookie } from "@/lib/auth/session-cookie";
import { passkeySite } from "@/lib/auth/urls";
import type { Actor } from "@/lib/domain/actor";
import type { Assertion } from "@/lib/services/passkeys/assertion";
import { prove, proveWithPasskey, startPasskeyProof } from "@/lib/services/session/prove";

/** What passkeys are bound to here. */
const site = async () => ({ site: await passkeySite() });

/** Checks again who acts, so that what can hurt may be done for some minutes; the cookie is changed with it. */
const proving = (check: (actor: Actor) => Promise<void>) =>
  asMember(async (actor) => {
    await check(actor);
    await renewSessionCookie(actor);
  });

/** By the password, and a code where there is a second step. */
export const proveAction = serverAction([z.object({ password: z.string(), code: z.string() })], (input) =>
  proving((actor) => prove(actor, input)),
);

/** What the browser is to have signed by a passkey of whoever acts. */
export const startPasskeyProofAction = actionOf(startPasskeyProof, undefined, site);

/** By a passkey. */
export const provePasskeyAction = serverAction([z.object({ answer: answer<Assertion>() })], ({ answer }) =>
  proving(async (actor) => proveWithPasskey(actor, { answer, ...(await site()) })),
);
