"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { asPerson, formAction, formData, giveBack, quietAction, serverAction } from "@/lib/auth/action";
import { returnPath } from "@/lib/auth/urls";
import { createAccount, enterAccount } from "@/lib/services/account/account";

/** Goes to another account of the person's own and opens the wanted page there; else shows which there are. */
export const enterAccountAction = quietAction(
  [formData],
  async (form) => {
    const accountId = String(form.get("accountId") ?? "");
    await asPerson((person) => enterAccount(person, { accountId }));
    revalidatePath("/", "layout");
    redirect(returnPath(form.get("path")));
  },
  async ({ code }) => {
    revalidatePath("/", "layout");
    redirect(code === "sign_in_again" ? "/accounts?again" : "/accounts");
  },
);

/** Goes back to the account that a page was opened in, and leaves the page as it is. */
export const reenterAccountAction = serverAction([z.string()], (accountId) =>
  asPerson((person) => enterAccount(person, { accountId })),
);

/** Makes another account and shows where to begin. */
export const createAccountAction = formAction(
  ["accountName"],
  async (values) => {
    await asPerson((person) => createAccount(person, values));
    revalidatePath("/", "layout");
    redirect("/overview");
  },
  giveBack("accountName"),
);
