import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { makeAccount, makeActor } from "@/test/support/accounts";
import { base, callAction, cookieOf, outcomeOf } from "@/test/support/browser-request";
import { builtActions, writtenActions } from "@/test/support/built-actions";

/** The way in, and settings of a browser: there to be called by anyone. */
const forEveryone = new Set([
  "rememberTimeZone",
  "chooseTheme",
  "chooseLanguage",
  "signInAction",
  "registerAction",
  "secondStepAction",
  "forgotAction",
  "resetPasswordAction",
  "verifyAddressAction",
  "changeAddressAction",
  "openInvitationAction",
  "joinAction",
  "otherSignInAction",
  "setAsideAction",
  "startPasskeySignInAction",
  "passkeySignInAction",
  "startPasskeyStepAction",
  "passkeyStepAction",
  "proveAndLinkAction",
  "signOutAction",
]);

/** One's own sign-in, sessions, accounts and alerts: what a viewer may change; and what they may look at. */
const forViewers = new Set([
  "proveAction",
  "startPasskeyProofAction",
  "provePasskeyAction",
  "startPasskeyAction",
  "addPasskeyAction",
  "renamePasskeyAction",
  "removePasskeyAction",
  "changeOwnNameAction",
  "leaveAccountAction",
  "acceptInvitationAction",
  "changePasswordAction",
  "requestVerificationAction",
  "requestAddressChangeAction",
  "endSessionAction",
  "endOtherSessionsAction",
  "startTotpAction",
  "confirmTotpAction",
  "removeTotpAction",
  "regenerateRecoveryCodesAction",
  "forecastActivationAction",
  "forecastInstanceChangeAction",
  "forecastServiceAction",
  "forecastInstanceNamingAction",
  "forecastEndpointsAction",
  "forecastGraceAction",
  "forecastRotationAction",
  "forecastAddressesAction",
  "changeAlertsAction",
  "enterAccountAction",
  "reenterAccountAction",
  "createAccountAction",
  "linkAction",
  "unlinkIdentityAction",
]);

const actions = builtActions();
const guarded = actions.filter(({ name }) => !forEveryone.has(name));
const named = (name: string) => {
  const action = actions.find((each) => each.name === name);
  if (!action) throw new Error(`no action ${name}`);
  return action;
};

let accountId: string;
let owner: Actor;
let viewer: Actor;

const headOf = async () => {
  const { auditSeq, epoch } = await db.account.findUniqueOrThrow({ where: { id: accountId } });
  return { auditSeq, epoch };
};

beforeAll(async () => {
  accountId = await makeAccount();
  owner = await makeActor("owner", accountId);
  viewer = await makeActor("viewer", accountId);
});

describe("server actions, called by hand", () => {
  test("are all known here, by name", () => {
    const built = actions.map(({ name }) => name).sort();
    expect(built).toEqual(writtenActions().sort());
    // An exception is for one action, not for others that happen to be called the same.
    for (const name of [...forEveryone, ...forViewers]) {
      expect([name, built.filter((each) => each === name).length]).toEqual([name, 1]);
    }
  });

  test("refuse whoever is not signed in, all but the way in", async () => {
    const outcomes: [string, string][] = [];
    for (const action of guarded) {
      outcomes.push([action.name, await outcomeOf(await callAction(action, {}))]);
    }
    const expected = guarded.map(({ name }) => [
      name,
      name === "enterAccountAction" ? "redirect /accounts" : "unauthenticated",
    ]);
    expect(outcomes).toEqual(expected);
  });

  test("refuse a viewer, all but what concerns their own sign-in, and change nothing", async () => {
    const cookie = await cookieOf(viewer);
    const before = await headOf();
    const changing = guarded.filter(({ name }) => !forViewers.has(name));
    const outcomes: [string, string][] = [];
    for (const action of changing) {
      outcomes.push([action.name, await outcomeOf(await callAction(action, { cookie }))]);
    }
    expect(outcomes).toEqual(changing.map(({ name }) => [name, "forbidden"]));
    expect((await headOf()).epoch).toBe(before.epoch);
    // Refusals are on record themselves, a bounded number of them, and nothing else is.
    const events = await db.auditEvent.findMany({ where: { accountId, seq: { gt: before.auditSeq } } });
    expect(new Set(events.map(({ action }) => action))).toEqual(new Set(["authorization.rejected"]));
    expect(events.length).toBeLessThanOrEqual(10);
  });

  test("do nothing for an owner whose browser another site makes call them", async () => {
    const cookie = await cookieOf(owner);
    const before = await headOf();
    const port = Number(new URL(base).port) + 1;
    for (const forged of [
      { origin: "https://evil.example" },
      { origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-site" },
      { origin: "null", "sec-fetch-site": "cross-site" },
      { origin: base, "sec-fetch-site": "cross-site" },
    ]) {
      for (const action of actions) {
        const response = await callAction(action, { cookie, ...forged });
        expect([action.name, response.status, await response.json()]).toEqual([
          action.name,
          403,
          { error: "Sent from another site" },
        ]);
      }
    }
    expect(await headOf()).toEqual(before);
  });

  test("work for the same owner from our own page: the refusals above are not for another reason", async () => {
    const cookie = await cookieOf(owner);
    expect(
      await outcomeOf(await callAction(named("createInstanceAction"), { cookie }, { name: "Own" })),
    ).toBe("done");
  });

  test("make the server call nobody, whatever host a request claims to be for", async () => {
    let calls = 0;
    const decoy = createServer((_request, response) => {
      calls += 1;
      response.end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => decoy.once("listening", resolve));
    const host = `127.0.0.1:${(decoy.address() as AddressInfo).port}`;
    for (const page of ["/login", "/overview"]) {
      const action = { ...named("signOutAction"), page };
      await callAction(action, { host, origin: `http://${host}`, "x-forwarded-host": host });
    }
    decoy.close();
    expect(calls).toBe(0);
  });
});
