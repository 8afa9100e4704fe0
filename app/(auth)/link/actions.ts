"use server";

import { redirect } from "next/navigation";
import { action, formData, previousOutcome, runAction, runPublicAction } from "@/lib/auth/action";
import { clearPendingLink, pendingLink } from "@/lib/auth/link-cookie";
import { requestOrigin } from "@/lib/auth/origin";
import { startSessionCookie } from "@/lib/auth/session-cookie";
import { type ActionResult, Refusal } from "@/lib/domain/errors";
import { linkIdentity, readPendingLink } from "@/lib/services/identities/link-identity";
import { resolveSession } from "@/lib/services/session/session";
import { signIn } from "@/lib/services/session/sign-in";
import { enter } from "../enter";
import { loginPath, returnPath } from "../return-path";

/** Back to the beginning when nothing waits any more; else to the page that was wanted. */
async function leave(result: ActionResult<unknown>, wanted: unknown): Promise<ActionResult> {
  if (!result.ok && result.code !== "link_over") return result;
  await clearPendingLink();
  redirect(result.ok ? returnPath(wanted) : loginPath("/login", wanted, { sso: "link_over" }));
}

/**
 * Proves the log-in by its password, and links. Who has a second step takes that first, and comes back to the
 * page to link.
 */
export const proveAndLinkAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const [password, wanted] = [form.get("password"), form.get("callbackUrl")];
    const origin = await requestOrigin();
    const secret = await pendingLink();
    const first = await runPublicAction(async () => {
      const person = await readPendingLink(secret);
      if (!person) throw new Refusal("link_over");
      return signIn({ email: person.email, password: typeof password === "string" ? password : "" }, origin);
    });
    if (!first.ok && first.code === "bad_credentials") {
      // Only the password was typed.
      return { ok: false, code: "invalid", fields: [{ field: "password", code: "password_wrong" }] };
    }
    if (!first.ok) return leave(first, wanted);
    if (first.data.step === "second") return enter(first.data, loginPath("/link", wanted));
    const { sessionId } = first.data;
    await startSessionCookie(sessionId);
    const actor = await resolveSession(sessionId, origin);
    // Whoever is in no account has nowhere to record it.
    if (!actor) redirect("/accounts");
    return leave(await runPublicAction(() => linkIdentity(actor, { secret })), wanted);
  },
);

/** Links for the person who is signed in, and has just proved it. */
export const linkAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const secret = await pendingLink();
    return leave(await runAction((actor) => linkIdentity(actor, { secret })), form.get("callbackUrl"));
  },
);
