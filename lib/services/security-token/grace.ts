import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import type { CallerRow } from "@/lib/db/callers";
import {
  type GraceRow,
  readGraceRows,
  readGraceRowsIn,
  readKnownCallers,
  writeKnownCallers,
} from "@/lib/db/grace";
import { callerLimits } from "@/lib/domain/caller";
import { mostCallersShown } from "@/lib/domain/caller-view";
import { Refusal } from "@/lib/domain/errors";
import {
  changingPrograms,
  type GraceCandidate,
  type GraceForecast,
  type GraceView,
  graceDays,
  isKnown,
  marksOf,
} from "@/lib/domain/grace";
import { programsOf } from "@/lib/domain/named-callers";
import { blocks, isSetAside, type Judged } from "@/lib/domain/preflight";
import { isLiveToken } from "@/lib/domain/preflight-evidence";
import { hourMs, hourOf } from "@/lib/domain/traffic";
import { callerEvent } from "../callers/change";
import { requireNameToBreak } from "../callers/consequence";
import { isEnforcedFor, type JudgedCallers, judgeCallers } from "../callers/judge";
import { consent, refuse } from "../parse";
import { readUseCase } from "../use-case";
import { tokenAsSeen } from "./configure";
import { tokenEvent, tokenUseCase, tokenView } from "./token";

const dayMs = 24 * hourMs;

/** A caller where the token is not enforced yet, judged, with what makes it known. */
interface Candidate extends Judged<CallerRow> {
  readonly row: GraceRow;
}

/**
 * The callers that letting known ones in only is about: those that go on getting in without the token, and those that
 * would or may be rejected although nobody said that they do not belong here.
 *
 * @param leftOut those that are not to be known although they could
 */
export function sortCallers(
  { judged, enforcement }: JudgedCallers,
  rows: readonly GraceRow[],
  leftOut: ReadonlySet<string>,
): { known: Candidate[]; unknown: Candidate[] } {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const open = judged.flatMap((each): Candidate[] => {
    const row = byId.get(each.caller.id);
    return !row || isEnforcedFor(each.caller, enforcement) || isSetAside(each.caller)
      ? []
      : [{ ...each, row }];
  });
  const stays = ({ row }: Candidate) => !leftOut.has(row.id);
  return {
    known: open.filter((each) => stays(each) && isKnown(each.row)),
    unknown: open.filter((each) => stays(each) && !isKnown(each.row) && blocks(each)),
  };
}

function toCandidate({ caller, row, verdict }: Candidate, now: Date): GraceCandidate {
  const { id, instanceName, name, agent, address, firstSeenAt, lastSeenAt } = caller;
  return {
    ...{ id, instanceName, name, agent, address, firstSeenAt, lastSeenAt },
    requests: row.accepted,
    withoutToken: row.withoutToken,
    sendsToken: verdict === "ready",
    ...marksOf(row, now),
  };
}

/** Those that deserve a look first: heard lately, then seldom, then the rest by how often they called without it. */
function byNeed(one: GraceCandidate, other: GraceCandidate): number {
  const marks = ({ lately, seldom }: GraceCandidate) => (lately ? 2 : 0) + (seldom ? 1 : 0);
  return marks(other) - marks(one) || other.withoutToken - one.withoutToken || other.requests - one.requests;
}

const sum = (rows: readonly GraceRow[], of: (row: GraceRow) => number) =>
  rows.reduce((total, row) => total + of(row), 0);

/** What letting only known callers in without the token would do, from what was seen; null while there is no token. */
export const forecastGrace = readUseCase({
  permission: "caller.read",
  run: async ({ accountId }): Promise<GraceForecast | null> => {
    const now = new Date();
    const weekAgo = new Date(hourOf(now.getTime() - 7 * dayMs));
    const [found, rows] = await Promise.all([
      judgeCallers(accountId, now),
      readGraceRows(accountId, weekAgo),
    ]);
    if (!found) return null;
    const { known, unknown } = sortCallers(found, rows, new Set());
    const knownIds = new Set(known.map(({ row }) => row.id));
    const callers = new Map(found.judged.map(({ caller }) => [caller.id, caller]));
    const open = rows.filter(({ id }) => {
      const caller = callers.get(id);
      return caller && !isEnforcedFor(caller, found.enforcement);
    });
    const names = new Map([...callers.values()].map((each) => [each.instanceId, each.instanceName]));
    const nameOf = (instanceId: string) => names.get(instanceId) ?? "";
    const own = unknown.filter(({ caller }) => !caller.others);
    const tokenless = open.filter(({ withoutToken }) => withoutToken > 0);
    const shown = (candidates: readonly Candidate[]) =>
      candidates.map((each) => toCandidate(each, now)).sort(byNeed);
    return {
      known: shown(known).slice(0, mostCallersShown),
      knownTotal: known.length,
      unknown: shown(own).slice(0, mostCallersShown),
      unknownMore: programsOf(shown(own).slice(mostCallersShown)),
      unknownTotal: own.length,
      others: unknown.flatMap(({ caller }) => (caller.others ? [caller.instanceName] : [])),
      changing: changingPrograms(tokenless, now).map(({ instanceId, ...rest }) => ({
        ...rest,
        instanceName: nameOf(instanceId),
      })),
      rejectedLastWeek: sum(open, ({ id, withoutToken }) => (knownIds.has(id) ? 0 : withoutToken)),
      requestsLastWeek: sum(open, ({ lately }) => lately),
    };
  },
});

/** Known callers that the page shows; all are counted. */
const shownOnPage = 200;

/** Who gets in without the token while known callers only do; null while that is not so. */
export const readGrace = readUseCase({
  permission: "caller.read",
  run: async ({ accountId }): Promise<GraceView | null> => {
    const [{ enforcement, graceSince, graceUntil }, rows] = await Promise.all([
      readAccountFacts(accountId),
      readKnownCallers(accountId, shownOnPage),
    ]);
    if (enforcement !== "grace" || !graceSince || !graceUntil) return null;
    return {
      since: graceSince,
      until: graceUntil,
      callers: rows.map(({ total, open, lastToken, ...row }) => ({
        ...row,
        sendsToken: lastToken !== null && isLiveToken(lastToken),
      })),
      total: rows[0]?.total ?? 0,
      open: rows[0]?.open ?? 0,
    };
  },
});

/**
 * From now on only known callers get in without the token, until some days have passed; everybody else is rejected at
 * once where the token is not enforced yet. Who is known is judged at this moment, under the account's lock, whatever a
 * page showed; so it is where the token is enforced, for when it no longer is.
 *
 * `leftOut` are callers that could be known and are not to be: from now on they do not belong here. `confirmation` is
 * the account's name: required when another caller that was seen would be rejected, or may be.
 *
 * @throws Refusal `conflict` when there is no token, it is enforced everywhere or has become another one, or `invalid`
 *   (days; confirmation: required, name_mismatch, callers_changed)
 */
export const protectKnownCallers = tokenUseCase({
  step: "protect",
  input: tokenAsSeen.extend({
    days: z.number().transform((days, context) => {
      const { least: min, most: max } = graceDays;
      if (!Number.isInteger(days) || days < min || days > max) refuse(context, "days_invalid", { min, max });
      return days;
    }),
    leftOut: z.array(z.guid()).max(callerLimits.perAccount).default([]),
    ...consent,
  }),
  run: async ({ tx, account, current }, { tokenId, days, leftOut, confirmation: typed, named }) => {
    const now = new Date();
    const found = await judgeCallers(account.id, now, tx);
    if (current?.id !== tokenId || !found) throw new Refusal("conflict");
    const rows = await readGraceRowsIn(tx, account.id);
    const leaving = new Set(leftOut);
    const { unknown } = sortCallers(found, rows, leaving);
    requireNameToBreak({ rejected: unknown, maybe: [] }, account, { typed, named });
    const known = rows.filter((row) => isKnown(row) && !leaving.has(row.id));
    const { count: left } = await tx.caller.updateMany({
      where: { accountId: account.id, id: { in: leftOut }, others: false },
      data: { leftOutAt: now },
    });
    await writeKnownCallers(
      tx,
      account.id,
      known.map(({ id }) => id),
    );
    const graceUntil = new Date(now.getTime() + days * dayMs);
    await tx.account.update({
      where: { id: account.id },
      data: { enforcement: "grace", graceSince: now, graceUntil },
    });
    const result = await tokenView(tx, account.id);
    const event = tokenEvent("token.protected", current, {
      count: known.length,
      left,
      days,
      instances: result.totalInstances,
    });
    return { result, event };
  },
});

/**
 * Ends for one known caller that it gets in without the token. It is not taken back while this lasts.
 *
 * @throws Refusal `conflict` unless known callers only get in, `not_found` when it is none or needs the token already
 */
export const endGraceOf = tokenUseCase({
  step: "shorten",
  input: z.object({ callerId: z.string() }),
  run: async ({ tx, account }, { callerId }) => {
    const id = z.guid().safeParse(callerId).data;
    const where = { accountId: account.id, endedAt: null };
    const found = id ? await tx.knownCaller.findFirst({ where: { ...where, id } }) : null;
    if (!found) throw new Refusal("not_found");
    await tx.knownCaller.update({
      where: { ...where, id: found.id },
      data: { endedAt: new Date(), endedBy: "hand" },
    });
    const caller = await tx.caller.findFirst({
      where: { id: found.id, accountId: account.id },
      select: { name: true },
    });
    const event = callerEvent("caller.grace_ended", { ...found, name: caller?.name ?? null }, { by: "hand" });
    return { result: undefined, event };
  },
});

/**
 * Lets known callers in without the token until another time, sooner or later: at most 90 days from now.
 *
 * @throws Refusal `conflict` unless known callers only get in and it is still another time, or `invalid` (until)
 */
export const setGraceEnd = tokenUseCase({
  step: "shorten",
  input: z.object({
    until: z.date().transform((until, context) => {
      if (!isPossibleEnd(until, new Date())) {
        refuse(context, "days_invalid", { min: graceDays.least, max: graceDays.most });
      }
      return until;
    }),
  }),
  run: async ({ tx, account, current }, { until }) => {
    const from = account.graceUntil;
    if (!from || from.getTime() === until.getTime()) throw new Refusal("conflict");
    await tx.account.update({ where: { id: account.id }, data: { graceUntil: until } });
    const result = await tokenView(tx, account.id);
    const event = tokenEvent("token.grace_moved", current, {
      from: from.toISOString(),
      to: until.toISOString(),
    });
    return { result, event };
  },
});

/** Later than now, and not later than the longest time; a minute more, for a clock that is ahead. */
function isPossibleEnd(until: Date, now: Date): boolean {
  const ms = until.getTime() - now.getTime();
  return ms > 0 && ms <= graceDays.most * dayMs + 60_000;
}
