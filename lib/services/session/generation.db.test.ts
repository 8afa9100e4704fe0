import { expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { makeActor, refusedWith } from "@/test/support/accounts";
import { liveSession, nextGeneration, cookieWorth as worthOf } from "./session";

async function cookieWorth(sessionId: string, generation: number) {
  const session = await liveSession(sessionId);
  return session ? worthOf(session, generation) : "ended";
}

const formerUntil = async (id: string) => (await db.session.findUniqueOrThrow({ where: { id } })).formerUntil;

test("the former cookie counts until ten seconds after the new one was first used, and no longer", async () => {
  const actor = await makeActor();
  const { sessionId } = actor;
  expect(await nextGeneration(actor)).toBe(1);
  expect(await cookieWorth(sessionId, 0), "the answer may have been lost").toBe("former");
  expect(await formerUntil(sessionId)).toBeNull();
  expect(await cookieWorth(sessionId, 1)).toBe("arrived");
  const until = await formerUntil(sessionId);
  expect(Number(until) - Date.now()).toBeLessThanOrEqual(10_000);
  expect(await cookieWorth(sessionId, 1)).toBe("newest");
  expect(await formerUntil(sessionId), "the time does not start again").toEqual(until);
  expect(await cookieWorth(sessionId, 0)).toBe("former");
  await db.session.update({ where: { id: sessionId }, data: { formerUntil: new Date() } });
  expect(await cookieWorth(sessionId, 0)).toBe("ended");
  expect(await cookieWorth(sessionId, 1)).toBe("newest");
});

test("tabs that prove at once get one cookie; the next proof makes another, and what was before the former is over", async () => {
  const actor = await makeActor();
  const made = await Promise.all([nextGeneration(actor), nextGeneration(actor), nextGeneration(actor)]);
  expect(made).toEqual([1, 1, 1]);
  await cookieWorth(actor.sessionId, 1);
  expect(await nextGeneration(actor)).toBe(2);
  expect(await cookieWorth(actor.sessionId, 0)).toBe("ended");
  expect(await cookieWorth(actor.sessionId, 1)).toBe("former");
});

test("made-up cookies and sessions that are over get none", async () => {
  const actor = await makeActor();
  for (const [id, generation] of [
    [actor.sessionId, 1],
    [actor.sessionId, -1],
    [actor.sessionId, Number.NaN],
    ["", 0],
    ["00000000-0000-7000-8000-000000000000", 0],
  ] as const) {
    expect(await cookieWorth(id, generation)).toBe("ended");
  }
  await db.session.update({ where: { id: actor.sessionId }, data: { revokedAt: new Date() } });
  expect(await refusedWith(nextGeneration(actor))).toBe("unauthenticated");
});
