import {
  callerProcesses,
  curlProgram,
  nodeProgram,
  pythonProgram,
  type RunningCaller,
  startOwnGate,
} from "./caller-programs";
import { configureToken, confirmActivation, expect, newInstance, test, tokenModule } from "./fixtures";
import { callerRow, expectVerdict } from "./page-parts";

/** The page shares the machine with its callers. */
const patience = 20_000;

/** All that a caller was answered was 200, and it was answered. */
function expectServed(caller: RunningCaller): void {
  expect(caller.answers().length, `${caller.product} called`).toBeGreaterThanOrEqual(2);
  expect(new Set(caller.answers()), `answers to ${caller.product}`).toEqual(new Set(["200"]));
}

test("with programs calling all the while, an owner sees which one would break, spares it, and no ready one is ever rejected", async ({
  owner,
}) => {
  test.skip(
    process.platform !== "linux",
    "only Linux has all of 127.0.0.0/8 for callers of their own address",
  );
  test.slow();
  const { page } = owner;
  const day = await newInstance(page, "Day orders");
  const night = await newInstance(page, "Night orders");
  const gate = await startOwnGate();
  const callers = callerProcesses();
  try {
    const till = callers.start(nodeProgram("till"), "127.0.0.5", `${gate.at(day)}/status`);
    await till.called();
    till.stop();
    const token = await configureToken(page);
    const curl = callers.start(curlProgram(), "127.0.0.2", `${gate.at(day)}/send`, token);
    const shop = callers.start(nodeProgram("shop"), "127.0.0.3", `${gate.at(day)}/send`, token);
    const script = callers.start(pythonProgram(), "127.0.0.4", `${gate.at(night)}/report`);
    const running = [curl, shop, script];
    for (const [caller, verdict] of [
      [curl, "Ready"],
      [shop, "Ready"],
      [script, "Would be rejected"],
      [till, "Waiting"],
    ] as const) {
      await expectVerdict(page, caller.product, verdict, patience);
      await expect(callerRow(page, caller.product)).toContainText(caller.address);
    }

    await page.getByRole("button", { name: "Activate Token" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("1 caller would be rejected");
    const silent = dialog.getByRole("list", { name: "Callers not heard since the token changed" });
    await expect(silent, "called without it before there was one").toContainText(till.address);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: `Dismiss as gone: ${till.product}` }).click();
    await expect(callerRow(page, till.product)).toHaveCount(0);
    await page.getByRole("button", { name: "Activate Token" }).click();
    const named = dialog.getByRole("list", { name: "Callers that would be rejected" });
    await expect(named.getByRole("listitem"), "that one and no other").toHaveCount(1);
    for (const text of [script.product, script.address, "Night orders"]) {
      await expect(named).toContainText(text);
    }
    await dialog.getByRole("button", { name: "Activate on ready instances" }).click();
    const module = tokenModule(page);
    await expect(module.getByText("Active on 1 of 2", { exact: true })).toBeVisible();
    await expect(module.getByText(/Confirmed by (\d+) of \1 gates/)).toBeVisible({ timeout: patience });
    expect((await fetch(`${gate.at(day)}/send`)).status, "enforced where all are ready").toBe(403);
    for (const caller of running) await caller.called();
    expectServed(script);

    script.send(token);
    await expectVerdict(page, script.product, "Ready", patience);
    await page.getByRole("button", { name: "Activate on all" }).click();
    await expect(dialog).toContainText("nobody would be rejected");
    await confirmActivation(page);
    await expect(module.getByText(/Confirmed by (\d+) of \1 gates/)).toBeVisible({ timeout: patience });
    expect((await fetch(`${gate.at(night)}/report`)).status, "enforced everywhere").toBe(403);
    for (const caller of running) await caller.called();
    for (const caller of [...running, till]) expectServed(caller);
  } finally {
    callers.stopAll();
    await gate.stop();
  }
});
