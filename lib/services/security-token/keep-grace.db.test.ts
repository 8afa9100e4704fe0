import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { readPolicy } from "@/lib/db/policy";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { hourMs } from "@/lib/domain/traffic";
import { atOnce, epochOf, makeActor, shownToken, trail, waitingForLocks } from "@/test/support/accounts";
import { addCaller, configureYesterday, minutesAgo } from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { deactivateSecurityToken } from "./enforcement";
import { protectKnownCallers, setGraceEnd } from "./grace";
import { keepGrace } from "./keep-grace";
import { rotateSecurityToken } from "./rotate";
import { readSecurityToken } from "./token";

let owner: Actor;
let shop: string;
let n8n: string;

const hoursAgo = (hours: number) => minutesAgo(hours * 60);

/** Called every few seconds without the token for the last three days. */
async function addBusy(agent: string): Promise<string> {
  const id = await addCaller(owner, shop, { agent, token: "missing", at: hoursAgo(60), requests: 400 });
  await pool().query(
    `INSERT INTO "CallerHour" SELECT $1, date_trunc('hour', now()) - n * interval '1 hour', 'accepted', 'missing', 700
       FROM generate_series(2, 72) n ON CONFLICT DO NOTHING`,
    [id],
  );
  return id;
}

beforeEach(async () => {
  owner = await makeActor();
  shop = (await createInstance(owner, { name: "Shop" })).instanceId;
  await configureYesterday(owner);
  await pool().query(`UPDATE "ClientToken" SET "createdAt" = $2 WHERE "accountId" = $1`, [
    owner.accountId,
    hoursAgo(72),
  ]);
  n8n = await addBusy("n8n");
  await protectKnownCallers(owner, { ...(await shownToken(owner)), days: 14 });
});

/** It came at that time, as gates write it down. */
async function calls(id: string, live: boolean, at: Date): Promise<void> {
  const data = live ? { liveAt: at } : { notLiveAt: at };
  await db.caller.update({ where: { id }, data: { ...data, lastSeenAt: at } });
}

const known = () => db.knownCaller.findUniqueOrThrow({ where: { id: n8n } });
const events = async () => (await trail(owner)).filter((action) => action === "caller.grace_ended");

/** Begins once somebody waits for the account, so that it comes second. */
async function afterOneWaits(begin: () => Promise<void>): Promise<void> {
  while ((await waitingForLocks()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return begin();
}

describe("what time brings about while known callers only get in without the token", () => {
  test("who has sent the token for more than a day needs it, which goes on record as Latchkey's doing", async () => {
    const epoch = await epochOf(owner);
    await calls(n8n, true, hoursAgo(27));
    await keepGrace.run(owner.accountId, hoursAgo(26));
    expect(await known()).toMatchObject({ liveSince: expect.any(Date), endedAt: null });
    await calls(n8n, true, hoursAgo(5));
    await keepGrace.run(owner.accountId, hoursAgo(4));
    expect(await known()).toMatchObject({ endedAt: null });
    expect(await epochOf(owner)).toBe(epoch);
    await calls(n8n, true, minutesAgo(1));
    const now = new Date();
    await keepGrace.run(owner.accountId, now);
    expect(await known()).toMatchObject({ endedAt: now, endedBy: "token" });
    expect((await readPolicy(shop))?.known).toBeNull();
    expect(await epochOf(owner)).toBe(epoch + 1n);
    const event = await db.auditEvent.findFirstOrThrow({
      where: { accountId: owner.accountId, action: "caller.grace_ended" },
    });
    expect(event).toMatchObject({
      actorLabel: "system",
      actorUserId: null,
      userAgent: "Latchkey",
      targetId: n8n,
    });
    expect(event.details).toMatchObject({ by: "token" });
    // It does not go back, whatever comes then.
    await calls(n8n, false, new Date());
    await keepGrace.run(owner.accountId, new Date());
    expect(await known()).toMatchObject({ endedAt: now });
    expect(await events()).toHaveLength(1);
  });

  test("what comes without the token in between begins it anew", async () => {
    await calls(n8n, true, hoursAgo(30));
    await keepGrace.run(owner.accountId, hoursAgo(29));
    await calls(n8n, false, hoursAgo(15));
    await calls(n8n, true, minutesAgo(1));
    await keepGrace.run(owner.accountId, new Date());
    await keepGrace.run(owner.accountId, new Date());
    expect(await known()).toMatchObject({ endedAt: null });
    await calls(n8n, false, new Date());
    await keepGrace.run(owner.accountId, new Date());
    expect(await known()).toMatchObject({ endedAt: null, liveSince: null });
  });

  test("a token that was replaced has to be sent anew", async () => {
    await calls(n8n, true, hoursAgo(30));
    await keepGrace.run(owner.accountId, hoursAgo(29));
    await calls(n8n, true, minutesAgo(1));
    await rotateSecurityToken(owner, { ...(await shownToken(owner)), overlap: "now" });
    await keepGrace.run(owner.accountId, new Date());
    expect(await known()).toMatchObject({ endedAt: null, liveSince: null });
  });

  test("one whose hours say nothing has to send it for more than a day", async () => {
    await pool().query(`DELETE FROM "CallerHour" WHERE "callerId" = $1`, [n8n]);
    await calls(n8n, false, hoursAgo(40));
    await calls(n8n, true, hoursAgo(26));
    await keepGrace.run(owner.accountId, hoursAgo(26));
    await calls(n8n, true, hoursAgo(2));
    await keepGrace.run(owner.accountId, new Date());
    expect(await known()).toMatchObject({ endedAt: null });
    await calls(n8n, true, minutesAgo(1));
    await keepGrace.run(owner.accountId, new Date());
    expect(await known()).toMatchObject({ endedBy: "token" });
  });

  test("several that look at once end it once", async () => {
    await calls(n8n, true, hoursAgo(27));
    await keepGrace.run(owner.accountId, hoursAgo(26));
    await calls(n8n, true, minutesAgo(1));
    const looks = await atOnce(owner, () => keepGrace.run(owner.accountId, new Date()), 3);
    expect(looks.map(({ status }) => status)).toEqual(Array(3).fill("fulfilled"));
    expect(await events()).toHaveLength(1);
  });

  test("an end that was moved, or a deactivation, while a look waited is respected", async () => {
    const over = new Date(Date.now() + 15 * 24 * hourMs);
    await atOnce<unknown>(
      owner,
      (at) =>
        at === 0
          ? setGraceEnd(owner, { until: new Date(over.getTime() + hourMs) })
          : afterOneWaits(() => keepGrace.run(owner.accountId, over)),
      2,
    );
    expect((await readSecurityToken(owner)).status).toBe("grace");
    await atOnce<unknown>(
      owner,
      (at) =>
        at === 0
          ? deactivateSecurityToken(owner)
          : afterOneWaits(() => keepGrace.run(owner.accountId, new Date(over.getTime() + 2 * hourMs))),
      2,
    );
    expect((await readSecurityToken(owner)).status).toBe("disabled");
  });

  test("at the end of the time the token is enforced for good, once, and nobody is known any more", async () => {
    const epoch = await epochOf(owner);
    await pool().query(`UPDATE "Account" SET "graceUntil" = now() WHERE "id" = $1`, [owner.accountId]);
    for (let look = 0; look < 2; look++) await keepGrace.run(owner.accountId, new Date());
    const account = await db.account.findUniqueOrThrow({ where: { id: owner.accountId } });
    expect(account).toMatchObject({ enforcement: "on", graceSince: null, graceUntil: null });
    expect(account.activatedAt?.getTime()).toBeGreaterThan(minutesAgo(1).getTime());
    expect(await db.knownCaller.count({ where: { accountId: owner.accountId } })).toBe(0);
    expect(await epochOf(owner)).toBe(epoch + 1n);
    expect((await trail(owner)).slice(-2)).toEqual(["token.protected", "token.activated"]);
  });

  test("nothing happens in an account where it is not so", async () => {
    await deactivateSecurityToken(owner);
    const before = [await epochOf(owner), await trail(owner)];
    await keepGrace.run(owner.accountId, new Date(Date.now() + 100 * 24 * hourMs));
    expect([await epochOf(owner), await trail(owner)]).toEqual(before);
  });
});
