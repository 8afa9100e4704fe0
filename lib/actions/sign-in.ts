"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { answer, asMember, formAction, giveBack, quietAction, serverAction } from "@/lib/auth/action";
import {
  browserSecret,
  deleteOwnCookie,
  keepBrowserSecret,
  pendingLink,
  pendingSignIn,
} from "@/lib/auth/cookies";
import { requestOrigin } from "@/lib/auth/origin";
import { browserLanguage } from "@/lib/auth/request-words";
import { continueSignIn, signOutBrowser, startSessionCookie } from "@/lib/auth/session-cookie";
import { loginPath, passkeySite, returnPath } from "@/lib/auth/urls";
import { type ActionResult, Refusal } from "@/lib/domain/errors";
import { register } from "@/lib/services/account/register";
import { linkIdentity, readPendingLink } from "@/lib/services/identities/link-identity";
import type { Assertion } from "@/lib/services/passkeys/assertion";
import { finishWithCode, finishWithPasskey, startPasskeyStep } from "@/lib/services/session/second-step";
import { resolveSession } from "@/lib/services/session/session";
import { signIn } from "@/lib/services/session/sign-in";
import { signInWithPasskey, startPasskeySignIn } from "@/lib/services/session/sign-in-with-passkey";

/** Makes an account, signs its owner in and shows where to begin. */
export const registerAction = formAction(
  ["accountName", "email", "password"],
  async (values) => {
    const { sessionId } = await register(
      { ...values, language: await browserLanguage() },
      await requestOrigin(),
    );
    await startSessionCookie(sessionId);
    redirect("/overview");
  },
  giveBack("accountName", "email"),
);

/** The first step of a sign-in; goes to the page that was wanted, or to the second step. */
export const signInAction = formAction(
  ["email", "password", "callbackUrl"],
  async ({ email, password, callbackUrl }) => {
    const outcome = await signIn({ email, password }, await requestOrigin());
    redirect(await continueSignIn(outcome, callbackUrl));
  },
  giveBack("email"),
);

/** The second step with a code. When the sign-in waits no longer it begins again, with a word why. */
export const secondStepAction = formAction(
  ["code", "callbackUrl"],
  async ({ code, callbackUrl }) => {
    const signedIn = await finishWithCode((await pendingSignIn()) ?? "", { code }, await requestOrigin());
    redirect(await continueSignIn({ step: "done", ...signedIn }, callbackUrl));
  },
  async (refused, { callbackUrl }) => {
    if (refused.code !== "second_step_over") return refused;
    redirect(await beginAgain(callbackUrl));
  },
);

async function beginAgain(wanted: string): Promise<string> {
  await deleteOwnCookie("second-step");
  return loginPath("/login", wanted, { over: "1" });
}

/** What the browser is to have signed by a passkey. */
export const startPasskeySignInAction = serverAction([], async () =>
  startPasskeySignIn(await keepBrowserSecret(), await passkeySite()),
);

const signed = z.object({ answer: answer<Assertion>(), callbackUrl: z.string() });

/** Signs in with a passkey alone; answers the path to go to. */
export const passkeySignInAction = serverAction([signed], async ({ answer, callbackUrl }) => {
  const site = await passkeySite();
  const signedIn = await signInWithPasskey(await browserSecret(), answer, site, await requestOrigin());
  return continueSignIn({ step: "done", ...signedIn }, callbackUrl);
});

/** What the browser is to have signed by a passkey of whoever's sign-in waits. */
export const startPasskeyStepAction = serverAction([], async () =>
  startPasskeyStep((await pendingSignIn()) ?? "", await passkeySite()),
);

/** The second step with a passkey; answers the path to go to, also when the sign-in has to begin again. */
export const passkeyStepAction = serverAction(
  [signed],
  async ({ answer, callbackUrl }) => {
    const pending = (await pendingSignIn()) ?? "";
    const signedIn = await finishWithPasskey(pending, answer, await passkeySite(), await requestOrigin());
    return continueSignIn({ step: "done", ...signedIn }, callbackUrl);
  },
  async (refused, { callbackUrl }) => {
    // Here it was no code that is not right.
    if (refused.code === "second_step_failed") return { ...refused, code: "passkey_failed" };
    return refused.code === "second_step_over" ? { ok: true, data: await beginAgain(callbackUrl) } : refused;
  },
);

/**
 * Proves by the password whose a sign-in at the provider is, and links it. Who has a second step takes that first,
 * and comes back to the page to link.
 */
export const proveAndLinkAction = formAction(
  ["password", "callbackUrl"],
  async ({ password, callbackUrl }) => {
    const origin = await requestOrigin();
    const secret = await pendingLink();
    const person = await readPendingLink(secret);
    if (!person) throw new Refusal("link_over");
    const outcome = await signIn({ email: person.email, password }, origin);
    if (outcome.step === "second") redirect(await continueSignIn(outcome, loginPath("/link", callbackUrl)));
    await startSessionCookie(outcome.sessionId);
    const actor = await resolveSession(outcome.sessionId, origin);
    // Whoever is in no account has nowhere to record it.
    if (!actor) redirect("/accounts");
    await linkIdentity(actor, { secret });
    await deleteOwnCookie("link");
    redirect(returnPath(callbackUrl));
  },
  async (refused, { callbackUrl }) =>
    // Only the password was typed.
    refused.code === "bad_credentials"
      ? { ok: false, code: "invalid", fields: [{ field: "password", code: "password_wrong" }] }
      : unlessLinkIsOver(refused, callbackUrl),
);

/** Links a sign-in at the provider to the person who is signed in, and has just proved it. */
export const linkAction = formAction(
  ["callbackUrl"],
  async ({ callbackUrl }) => {
    const secret = await pendingLink();
    await asMember((actor) => linkIdentity(actor, { secret }));
    await deleteOwnCookie("link");
    redirect(returnPath(callbackUrl));
  },
  (refused, { callbackUrl }) => unlessLinkIsOver(refused, callbackUrl),
);

/** Back to the beginning when nothing waits to be linked any more. */
async function unlessLinkIsOver(refused: ActionResult, wanted: string): Promise<ActionResult> {
  if (refused.ok || refused.code !== "link_over") return refused;
  await deleteOwnCookie("link");
  redirect(loginPath("/login", wanted, { sso: "link_over" }));
}

/** Ends the session and goes to the login page, also when the session is over already. */
export const signOutAction = quietAction([], async () => {
  await signOutBrowser();
  redirect("/login");
});
