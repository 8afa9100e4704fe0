import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { closeAccountEvents } from "@/lib/db/account-events";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { makeActor, refusedWith, signInAgain } from "@/test/support/accounts";
import { setUpTotp } from "@/test/support/second-factors";
import { followAccount } from "./follow-account";
import { createInstance } from "./instances/change";
import { removeMember } from "./members/members";
import { configureSecurityToken } from "./security-token/configure";
import { revokeSession } from "./session/end-sessions";
import { requireTwoStep } from "./two-step/two-step";

const announce = (accounts: string) => pool().query("SELECT pg_notify('latchkey_traffic', $1)", [accounts]);

/** Announces until the listener, which connects in its own time, has heard it. */
async function announceUntil(heard: () => boolean, accounts: string) {
  await expect
    .poll(async () => {
      await announce(accounts);
      return heard();
    })
    .toBe(true);
}

describe("following an account", () => {
  let owner: Actor;
  let stranger: Actor;

  beforeEach(async () => {
    [owner, stranger] = await Promise.all([makeActor(), makeActor()]);
  });

  afterAll(async () => {
    await closeAccountEvents();
  });

  it("tells of calls and changes of this account, and of no other", async () => {
    const heard: string[] = [];
    const others: string[] = [];
    const stop = await followAccount(owner, { event: (event) => heard.push(event), end: () => {} });
    const stopOther = await followAccount(stranger, { event: (event) => others.push(event), end: () => {} });
    await announceUntil(() => heard.includes("traffic"), `${owner.accountId},${crypto.randomUUID()}`);
    expect(heard).not.toContain("change");
    await configureSecurityToken(owner);
    await expect.poll(() => heard).toContain("change");
    expect(others).toEqual([]);
    stop();
    const before = heard.length;
    await announceUntil(() => others.includes("traffic"), `${owner.accountId},${stranger.accountId}`);
    expect(heard.length).toBe(before);
    stopOther();
  });

  it("ends within seconds of its session", async () => {
    let ended = 0;
    const elsewhere = await signInAgain(owner.email);
    await followAccount(elsewhere, { event: () => {}, end: () => ended++ });
    await revokeSession(owner, { sessionId: elsewhere.sessionId });
    await expect.poll(() => ended, { timeout: 8000 }).toBe(1);
  });

  it("ends within seconds for members who are removed, and for those who have to set up two-step sign-in", async () => {
    const ended: string[] = [];
    const follow = (actor: Actor, name: string) =>
      followAccount(actor, { event: () => {}, end: () => ended.push(name) });
    const [removed, without] = [
      await makeActor("viewer", owner.accountId),
      await makeActor("viewer", owner.accountId),
    ];
    await setUpTotp(owner);
    const stop = await follow(owner, "owner");
    await follow(removed, "removed");
    await follow(without, "without");
    await removeMember(owner, removed);
    await requireTwoStep(owner, { required: true });
    await expect.poll(() => ended.sort(), { timeout: 8000 }).toEqual(["removed", "without"]);
    stop();
  });

  it("goes on after its connection was cut, and makes up for what was missed", async () => {
    const heard: string[] = [];
    const stop = await followAccount(owner, { event: (event) => heard.push(event), end: () => {} });
    await announceUntil(() => heard.includes("traffic"), owner.accountId);
    heard.length = 0;
    await pool().query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'latchkey-live' AND datname = current_database()`,
    );
    await expect.poll(() => heard).toContain("change");
    await announceUntil(() => heard.includes("traffic"), owner.accountId);
    stop();
  });

  it("has room for fifty pages of an account; closing ends all of them and takes no more", async () => {
    let ended = 0;
    await createInstance(owner, { name: "Shop" });
    const follower = { event: () => {}, end: () => ended++ };
    const follow = (actor: Actor) => followAccount(actor, follower);
    for (let n = 0; n < 50; n++) await followAccount(owner, follower);
    expect(await refusedWith(follow(owner))).toBe("limited");
    await followAccount(stranger, follower);
    await closeAccountEvents();
    expect(ended).toBe(51);
    expect(await refusedWith(follow(stranger))).toBe("limited");
  });
});
