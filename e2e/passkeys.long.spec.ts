import type { Page } from "@playwright/test";
import { violationsOf } from "./accessible";
import { forgetProof, requireTwoStep } from "./database";
import { expect, fillSignIn, test } from "./fixtures";
import { takeNewToken } from "./page-parts";
import { addAuthenticator, proofDialog } from "./proof";

/** Open under an IP address, to which no passkey can be bound. */
const byAddress = process.env.LATCHKEY_TEST_CLOSED_URL ?? "http://127.0.0.1:3000";

async function signOut(page: Page): Promise<void> {
  await page
    .getByRole("button", { name: /account menu/i })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login/);
}

/** What is open has no violation and does not scroll sideways on a small telephone. */
async function expectFit(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await violationsOf(page)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("a passkey signs in without a password, is the second step after one, and proves who acts", async ({
  owner,
}) => {
  const { page } = owner;
  const present = await addAuthenticator(page);
  await page.goto("/settings");
  const card = page.getByRole("region", { name: "Passkeys" });
  await expect(card.getByText("You have no passkey yet")).toBeVisible();
  await present(async () => {
    await card.getByRole("button", { name: "Add a passkey" }).click();
    await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(10);
  });
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await card.getByRole("button", { name: "Rename the passkey Passkey" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Blue key");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(card.getByRole("heading", { name: "Blue key" })).toBeVisible();
  await expect(card.getByText("not used yet")).toBeVisible();
  await expectFit(page);

  await page.goto("/security");
  await forgetProof(owner);
  await page.getByRole("button", { name: "Configure now" }).click();
  await expect(proofDialog(page)).toBeVisible();
  await expectFit(page);
  await present(async () => {
    await proofDialog(page).getByRole("button", { name: "Use a passkey" }).click();
    await takeNewToken(page);
  });

  await signOut(page);
  await expectFit(page);
  await present(async () => {
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await expect(page).toHaveURL(/\/overview$/);
  });

  await signOut(page);
  await fillSignIn(page, owner.email, owner.password);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expectFit(page);
  await present(async () => {
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await expect(page).toHaveURL(/\/overview$/);
  });

  await page.goto("/settings");
  await card.getByRole("button", { name: "Remove the passkey Blue key" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(card.getByText("You have no passkey yet")).toBeVisible();

  await page.goto(`${byAddress}/login`);
  await expect(page.getByRole("link", { name: /^localhost/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Use a passkey" })).toBeHidden();
});

test("whoever has to set up a second step can do it with a passkey, and keeps recovery codes", async ({
  owner,
}) => {
  const { page } = owner;
  await requireTwoStep(owner);
  await page.goto("/overview");
  await expect(page.getByRole("heading", { name: "Set up two-step sign-in" })).toBeVisible();
  await expectFit(page);
  const present = await addAuthenticator(page);
  await present(async () => {
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(10);
  });
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("heading", { name: "Two-step sign-in is on" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add a passkey" })).toBeHidden();
  await page.getByRole("link", { name: "Go to the overview" }).click();
  await expect(page).toHaveURL(/\/overview$/);
});
