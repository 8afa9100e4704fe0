import type { Page } from "@playwright/test";
import pg from "pg";
import { expect, type Owner } from "./fixtures";

async function query(text: string, email: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(text, [email]);
  await client.end();
}

/** Makes the owner's last proof older than a proof may be. */
export function forgetProof({ email }: Pick<Owner, "email">): Promise<void> {
  return query(
    `UPDATE "Session" s SET "provenAt" = now() - interval '11 minutes'
       FROM "User" u WHERE u."id" = s."userId" AND u."email" = $1`,
    email,
  );
}

/** Requires two-step sign-in in the owner's account, as another owner might who has it. */
export function requireTwoStep({ email }: Pick<Owner, "email">): Promise<void> {
  return query(
    `UPDATE "Account" a SET "requireTwoStep" = true
       FROM "Membership" m JOIN "User" u ON u."id" = m."userId"
      WHERE m."accountId" = a."id" AND u."email" = $1`,
    email,
  );
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
