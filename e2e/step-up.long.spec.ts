import { violationsOf } from "./accessible";
import { forgetProof } from "./database";
import { createInstance, expect, test, tokenModule } from "./fixtures";
import { enforcementSwitch, takeNewToken } from "./page-parts";
import { proofDialog, proveByPassword } from "./proof";

test("what can hurt asks for a proof when the last is old, and goes on with what was asked", async ({
  owner,
}) => {
  const { page } = owner;
  await createInstance(page, "Night orders");
  await page.getByLabel("Upstream URL").fill("http://127.0.0.1:9");
  await forgetProof(owner);
  await page.getByRole("button", { name: "Save upstream" }).click();
  await expect(proofDialog(page)).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await proofDialog(page).getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Save upstream" }).click();
  await proveByPassword(owner);
  await expect(page.getByText("Upstream saved.")).toBeVisible();

  await page.goto("/security");
  await forgetProof(owner);
  await page.getByRole("button", { name: "Configure now" }).click();
  await proveByPassword(owner);
  await takeNewToken(page);

  await forgetProof(owner);
  await enforcementSwitch(page, "Night orders").click();
  await expect(page.getByText("Turning on…"), "never called enforced before it is").toBeVisible();
  await proveByPassword(owner);
  await expect(enforcementSwitch(page, "Night orders")).toHaveAccessibleDescription("Enforced");

  const module = tokenModule(page);
  await forgetProof(owner);
  await page.getByRole("button", { name: "Deactivate Token" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate", exact: true }).click();
  await expect(proofDialog(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(proofDialog(page)).toBeHidden();
  await expect(page.getByRole("dialog", { name: /Deactivate/ }), "giving up keeps the dialog").toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate", exact: true }).click();
  await proveByPassword(owner);
  await expect(module.getByText("Disabled", { exact: true })).toBeVisible();

  await page.goto("/instances");
  await page.getByRole("link", { name: "Night orders" }).first().click();
  await page.getByRole("button", { name: "Delete instance" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Night orders");
  await forgetProof(owner);
  await page.getByRole("dialog").getByRole("button", { name: "Delete instance" }).click();
  await proveByPassword(owner);
  await expect(page).toHaveURL(/\/instances$/);
});
