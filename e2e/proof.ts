import type { Page } from "@playwright/test";
import { expect, type Owner } from "./fixtures";

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

/** An authenticator that checks its holder, and answers only while `present` runs. */
export async function addAuthenticator(page: Page) {
  const cdp = await page.context().newCDPSession(page);
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
