import type { CDPSession, Page } from "@playwright/test";
import { violationsOf } from "./accessible";
import { expect, fillSignIn, test } from "./fixtures";
import { forgetProof, proofDialog } from "./proof";
import { takeNewToken } from "./security-parts";

/** Open under an IP address, to which no passkey can be bound. */
const byAddress = process.env.LATCHKEY_TEST_CLOSED_URL ?? "http://127.0.0.1:3000";

/** An authenticator that checks its holder, and answers only while `present` runs. */
async function addAuthenticator(page: Page) {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: false,
    },
  });
  const presence = (enabled: boolean) =>
    cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
  return async (act: () => Promise<void>) => {
    await presence(true);
    await act();
    await presence(false);
  };
}

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
