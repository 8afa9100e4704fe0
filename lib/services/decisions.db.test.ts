import { expect, test } from "vitest";
import type { Actor } from "@/lib/domain/actor";
import { epochOf, makeActor, trail } from "@/test/support/accounts";
import { createInstance, removeInstance, renameInstance, setInstancePaused } from "./instances/change";
import { regenerateInstanceToken, revealInstanceToken } from "./instances/token";
import { changeUpstream } from "./instances/upstream";
import { signOut } from "./session/end-sessions";

type Step = [name: string, raises: boolean, run: (actor: Actor, instanceId: string) => Promise<unknown>];

const upstreamUrl = "https://api.example.com";

const steps: Step[] = [
  ["instance.created", true, (actor) => createInstance(actor, { name: "Another" })],
  ["instance.paused", true, (actor, instanceId) => setInstancePaused(actor, { instanceId, paused: true })],
  ["instance.resumed", true, (actor, instanceId) => setInstancePaused(actor, { instanceId, paused: false })],
  [
    "instance.upstream_changed",
    true,
    (actor, instanceId) =>
      changeUpstream(actor, { instanceId, upstreamUrl, headers: [], firstByteSeconds: "" }),
  ],
  ["instance.token_revealed", false, (actor, instanceId) => revealInstanceToken(actor, { instanceId })],
  ["instance.token_regenerated", true, (actor, instanceId) => regenerateInstanceToken(actor, { instanceId })],
  ["instance.renamed", false, (actor, instanceId) => renameInstance(actor, { instanceId, name: "Cake" })],
  [
    "instance.deleted",
    true,
    (actor, instanceId) => removeInstance(actor, { instanceId, confirmName: "Cake" }),
  ],
  ["session.signed_out", false, (actor) => signOut(actor)],
];

test("every change leaves one event, and raises the epoch once when it alters a decision", async () => {
  const actor = await makeActor();
  const { instanceId } = await createInstance(actor, { name: "Bread" });
  let epoch = await epochOf(actor);
  for (const [action, raises, run] of steps) {
    const events = (await trail(actor)).length;
    await run(actor, instanceId);
    if (raises) epoch += 1n;
    expect([action, await epochOf(actor)]).toEqual([action, epoch]);
    expect((await trail(actor)).slice(events)).toEqual([action]);
  }
});
