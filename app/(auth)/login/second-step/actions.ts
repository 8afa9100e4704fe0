"use server";

import { redirect } from "next/navigation";
import { action, formData, previousOutcome, runPublicAction } from "@/lib/auth/action";
import { requestOrigin } from "@/lib/auth/origin";
import { clearPendingSignIn, pendingSignIn } from "@/lib/auth/second-step-cookie";
import type { ActionResult } from "@/lib/domain/errors";
import { finishWithCode } from "@/lib/services/session/second-step";
import { enter } from "../../enter";
import { loginPath } from "../../return-path";

/** The second step with a code. When the sign-in waits no longer it begins again, with a word why. */
export const secondStepAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const code = form.get("code");
    const wanted = form.get("callbackUrl");
    const result = await runPublicAction(async () => {
      const pending = (await pendingSignIn()) ?? "";
      return finishWithCode(pending, { code: typeof code === "string" ? code : "" }, await requestOrigin());
    });
    if (result.ok) return enter({ step: "done", ...result.data }, wanted);
    if (result.code !== "second_step_over") return result;
    await clearPendingSignIn();
    redirect(loginPath("/login", wanted, { over: "1" }));
  },
);
