"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action, formData, previousOutcome, quietAction, runPersonAction } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import { createAccount, enterAccount } from "@/lib/services/account/account";
import { returnPath } from "../return-path";

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

/** Goes to another account of the person's own and opens the wanted page there; else shows which there are. */
export const enterAccountAction = quietAction([formData], async (form) => {
  const result = await runPersonAction((person) =>
    enterAccount(person, { accountId: text(form, "accountId") }),
  );
  revalidatePath("/", "layout");
  if (result.ok) redirect(returnPath(form.get("path")));
  redirect(result.code === "sign_in_again" ? "/accounts?again" : "/accounts");
});

/** Goes back to the account that a page was opened in, and leaves the page as it is. */
export const reenterAccountAction = action([z.string()], async (accountId): Promise<ActionResult<void>> => {
  return runPersonAction((person) => enterAccount(person, { accountId }));
});

/** Makes another account and shows where to begin. */
export const createAccountAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const values = { accountName: text(form, "accountName") };
    const result = await runPersonAction((person) => createAccount(person, values));
    if (!result.ok) return { ...result, values };
    revalidatePath("/", "layout");
    redirect("/overview");
  },
);
