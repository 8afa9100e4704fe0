import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/domain/actor";
import { actorOf, makeActor, refusedWith, signInByPassword, trail } from "@/test/support/accounts";
import { setUpTotp } from "@/test/support/second-factors";
import { createAccount } from "../account/account";
import { createInstance } from "../instances/change";
import { listInstances } from "../instances/read";
import { isSessionLive } from "../session/session";
import { removeTotp } from "./totp";
import { readTwoStep, requireTwoStep } from "./two-step";

const setting = vi.hoisted(() => ({ requireTwoStep: false }));
vi.mock("@/lib/config", async (load) => {
  const real = await load<typeof import("@/lib/config")>();
  return { ...real, config: () => ({ ...real.config(), ...setting }) };
});

let owner: Actor;

beforeEach(async () => {
  setting.requireTwoStep = false;
  owner = await makeActor();
});

describe("two-step sign-in required by whoever runs the server", () => {
  test("holds in every account, from the next request on", async () => {
    setting.requireTwoStep = true;
    // Also for a request that had begun before.
    expect(await refusedWith(createInstance(owner, { name: "Bread" }))).toBe("two_step_required");
    expect(await isSessionLive(owner)).toBe(false);
    const { sessionId } = await signInByPassword(owner.email, owner);
    const barred = await actorOf(sessionId, owner);
    expect(barred.twoStepMissing).toBe(true);
    expect(await refusedWith(listInstances(barred))).toBe("two_step_required");
    expect(await refusedWith(createAccount(barred, { accountName: "Dairy" }))).toBe("two_step_required");
    expect(await readTwoStep(barred)).toMatchObject({ required: true, requiredByServer: true });
    await setUpTotp(barred);
    const free = await actorOf(sessionId, owner);
    await createInstance(free, { name: "Bread" });
    await createAccount(free, { accountName: "Dairy" });
  });

  test("cannot be switched off by an owner, and keeps everyone's last factor", async () => {
    await setUpTotp(owner);
    await requireTwoStep(owner, { required: true });
    setting.requireTwoStep = true;
    expect(await refusedWith(requireTwoStep(owner, { required: false }))).toBe("two_step_by_server");
    expect(await refusedWith(removeTotp(owner))).toBe("two_step_last");
    expect(await readTwoStep(owner)).toMatchObject({ factors: ["totp"], recoveryCodesLeft: 10 });
    expect(await trail(owner)).toEqual(["two_step.totp_added", "two_step.required"]);
  });

  test("leaves the account's own rule as it was once it is gone", async () => {
    await setUpTotp(owner);
    setting.requireTwoStep = true;
    expect(await readTwoStep(owner)).toMatchObject({ required: true });
    setting.requireTwoStep = false;
    expect(await readTwoStep(owner)).toMatchObject({ required: false, requiredByServer: false });
    await removeTotp(owner);
  });
});
