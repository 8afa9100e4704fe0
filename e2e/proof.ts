import type { Page } from "@playwright/test";
import pg from "pg";
import { expect, type Owner } from "./fixtures";

/** Makes the owner's last proof older than a proof may be. */
export async function forgetProof({ email }: Pick<Owner, "email">): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(
    `UPDATE "Session" s SET "provenAt" = now() - interval '11 minutes'
       FROM "User" u WHERE u."id" = s."userId" AND u."email" = $1`,
    [email],
  );
  await client.end();
}

/** The dialog that asks for a proof. */
export function proofDialog(page: Page) {
  return page.getByRole("dialog", { name: "Confirm it is you" });
}

/** Answers the dialog that asks for a proof with the password. */
export async function proveByPassword({ page, password }: Owner): Promise<void> {
  const dialog = proofDialog(page);
  await dialog.getByLabel("Password").fill(password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog).toBeHidden();
}
