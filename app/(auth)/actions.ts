"use server";

import { redirect } from "next/navigation";
import { action, formData, previousOutcome, runPublicAction } from "@/lib/auth/action";
import { requestOrigin } from "@/lib/auth/origin";
import { startSessionCookie } from "@/lib/auth/session-cookie";
import type { ActionResult } from "@/lib/domain/errors";
import { register } from "@/lib/services/account/register";
import { signIn } from "@/lib/services/session/sign-in";
import { enter } from "./enter";

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

/**
 * The first step of a sign-in; goes to the page that was wanted, or to the second step. On refusal the e-mail
 * address comes back, never the password.
 */
export const signInAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const email = text(form, "email");
    const result = await runPublicAction(async () =>
      signIn({ email, password: text(form, "password") }, await requestOrigin()),
    );
    if (!result.ok) return { ...result, values: { email } };
    return enter(result.data, form.get("callbackUrl"));
  },
);

/** Makes an account, signs its owner in and shows where to begin. */
export const registerAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const values = { accountName: text(form, "accountName"), email: text(form, "email") };
    const result = await runPublicAction(async () => {
      const { sessionId } = await register(
        { ...values, password: text(form, "password") },
        await requestOrigin(),
      );
      await startSessionCookie(sessionId);
    });
    if (!result.ok) return { ...result, values };
    redirect("/overview");
  },
);
