import type { CallerRow } from "@/lib/db/callers";
import type { Actor } from "@/lib/domain/actor";
import { breaks, isSetAside, type Judged } from "@/lib/domain/preflight";
import { dismissCaller, leaveOutCaller } from "@/lib/services/callers/change";
import { judgeCallers, withExpectations } from "@/lib/services/callers/judge";
import { armSecurityToken, disarmSecurityToken } from "@/lib/services/security-token/armed";
import {
  configureSecurityToken,
  regenerateSecurityToken,
  removeSecurityToken,
} from "@/lib/services/security-token/configure";
import { deactivateSecurityToken } from "@/lib/services/security-token/enforcement";
import { finishRotation, rotateSecurityToken } from "@/lib/services/security-token/rotate";
import { readSecurityToken } from "@/lib/services/security-token/token";
import { everybodyNamed } from "../support/callers";
import type { Step } from "./world";

/** Steps that say all there is to say. */
type PlainStep = Exclude<
  Step,
  { do: "pause" | "dismiss" | "leave out" | "protect" | "shorten" | "read" | "activate" }
>;

/** Changes the token by its use case. @returns the token that was made, if one was */
export async function changeToken(owner: Actor, step: PlainStep): Promise<string | null> {
  const { tokenId, retiring } = await readSecurityToken(owner);
  const seen = {
    tokenId: tokenId ?? "none",
    confirmation: owner.accountName,
    named: await everybodyNamed(owner),
  };
  switch (step.do) {
    case "configure":
      return (await configureSecurityToken(owner)).token;
    case "regenerate":
      return (await regenerateSecurityToken(owner, seen)).token;
    case "rotate":
      return (await rotateSecurityToken(owner, { ...seen, overlap: step.overlap })).token;
    case "remove":
      await removeSecurityToken(owner, seen);
      return null;
    case "finish":
      await finishRotation(owner, { ...seen, tokenId: retiring?.id ?? "none" });
      return null;
    case "deactivate":
      await deactivateSecurityToken(owner);
      return null;
    case "arm":
      await armSecurityToken(owner, { ...seen, holdSeconds: step.holdSeconds });
      return null;
    case "disarm":
      await disarmSecurityToken(owner);
      return null;
  }
}

/** Says of the callers that are overdue, or of all that are waited for, that they are gone. @returns them */
export async function dismissWaitedFor(
  owner: Actor,
  whom: "overdue" | "silent",
  now: Date,
): Promise<Judged<CallerRow>[]> {
  const found = await judgeCallers(owner.accountId, now);
  if (!found) return [];
  const { judged } = await withExpectations(owner.accountId, found, now);
  const meant = judged.filter(
    ({ caller, verdict, unproven }) =>
      !caller.others && !isSetAside(caller) && (whom === "overdue" ? verdict === "overdue" : unproven),
  );
  for (const { caller } of meant) {
    await dismissCaller(owner, { callerId: caller.id, lastSeenAt: caller.lastSeenAt });
  }
  return meant;
}

/** Says of the callers that break that they do not belong here. @returns them */
export async function leaveOutBreaking(owner: Actor, now: Date): Promise<Judged<CallerRow>[]> {
  const { judged = [] } = (await judgeCallers(owner.accountId, now)) ?? {};
  const meant = judged.filter(
    ({ caller, verdict }) => !caller.others && !isSetAside(caller) && breaks(verdict),
  );
  for (const { caller } of meant) await leaveOutCaller(owner, { callerId: caller.id });
  return meant;
}
