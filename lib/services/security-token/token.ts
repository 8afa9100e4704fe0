import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { clientTokenDigest } from "@/lib/crypto/digest";
import { secretInUse } from "@/lib/crypto/keys";
import { type AccountFacts, readAccountFacts } from "@/lib/db/account-facts";
import { readGateReports } from "@/lib/db/gate-confirmations";
import type { Transaction } from "@/lib/db/transaction";
import { startsWatch } from "@/lib/domain/after-activation";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { type Confirmation, confirmationOf } from "@/lib/domain/confirmation";
import {
  canChange,
  enforcementNow,
  isEnforced,
  type TokenChange,
  tokenStatus,
} from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import type { RetiringToken, SecurityTokenView } from "@/lib/domain/security-token";
import { formatClientToken, lastFour } from "@/lib/domain/token-format";
import type { AuditRecord } from "../audit/append";
import {
  type Change,
  type ChangeOutcome,
  changeUseCase,
  type Nothing,
  readUseCase,
  type UseCase,
} from "../use-case";

/** The account's current token as stored, without its digest; null when there is none. */
export function currentToken(tx: Pick<Transaction, "clientToken">, accountId: string) {
  return tx.clientToken.findFirst({
    where: { accountId, state: "current" },
    select: { id: true, lastFour: true, createdAt: true },
  });
}

/**
 * The token before the current one, as long as it is accepted too. Past its time it counts as retired, also
 * where the row does not say so yet: the gates go by the time as well.
 */
function retiringToken(
  tx: Pick<Transaction, "clientToken">,
  accountId: string,
): Promise<RetiringToken | null> {
  const live = [{ retireAt: null }, { retireAt: { gt: new Date() } }];
  return tx.clientToken.findFirst({
    where: { accountId, state: "retiring", OR: live },
    select: { id: true, lastFour: true, retireAt: true },
  });
}

/** The token as its owner sees it. */
function tokenViewOf({ enforcement, tokens, instances }: AccountFacts): SecurityTokenView {
  const token = tokens.find(({ state }) => state === "current");
  const retiring = tokens.find(
    ({ state, retireAt }) => state === "retiring" && (retireAt === null || retireAt > new Date()),
  );
  const count = (counted: typeof instances) => counted.reduce((sum, { count }) => sum + count, 0);
  return {
    status: tokenStatus(token !== undefined, enforcement),
    lastFour: token?.lastFour ?? null,
    createdAt: token?.createdAt ?? null,
    enforcedInstances: token ? count(instances.filter((each) => isEnforced(enforcement, each.enforced))) : 0,
    totalInstances: count(instances),
    tokenId: token?.id ?? null,
    retiring:
      token && retiring
        ? { id: retiring.id, lastFour: retiring.lastFour, retireAt: retiring.retireAt }
        : null,
  };
}

/** The state of the account's token as a change has left it. */
export async function tokenView(tx: Transaction, accountId: string): Promise<SecurityTokenView> {
  return tokenViewOf(await readAccountFacts(accountId, tx));
}

/** The state of the account security token. */
export const readSecurityToken = readUseCase({
  permission: "token.read",
  run: async ({ accountId }): Promise<SecurityTokenView> => tokenViewOf(await readAccountFacts(accountId)),
});

/** Which gates have applied the account's newest change of decisions; null when there was none in a day. */
export const readConfirmation = readUseCase({
  permission: "token.read",
  run: async ({ accountId }): Promise<Confirmation | null> => {
    const { alteredLately } = await readAccountFacts(accountId);
    const reports = alteredLately ? await readGateReports(accountId) : null;
    return reports && confirmationOf(reports);
  },
});

/** Makes the account's current token. The returned text exists nowhere else: only its digest is kept. */
export async function mintCurrentToken(tx: Transaction, accountId: string) {
  const token = formatClientToken(randomBytes(32));
  const digest = new Uint8Array(clientTokenDigest(token));
  const { id } = await tx.clientToken.create({
    data: { accountId, state: "current", digest, secretId: secretInUse(), lastFour: lastFour(token) },
    select: { id: true },
  });
  return { token, id, lastFour: lastFour(token) };
}

/** What an account that is not armed says of that. */
export const notArmed = { armedAt: null, armedBy: null, askAt: null, askedAt: null } as const;

/** Armed instances have to be ready for the whole hold time again, as far as they were. */
export async function restartHold(tx: Transaction, accountId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Instance" SET "readySince" = NULL
     WHERE "accountId" = ${accountId}::uuid AND "readySince" IS NOT NULL`;
}

/**
 * Retires every live token of the account; their digests stay, so that a rejection can say `retired`. Nobody is ready
 * any more.
 */
export async function retireTokens(tx: Transaction, accountId: string): Promise<void> {
  await restartHold(tx, accountId);
  await tx.clientToken.updateMany({
    where: { accountId, state: { not: "retired" } },
    data: { state: "retired", retireAt: new Date() },
  });
}

/** What a change of the token gets: the two tokens as they are under the account's lock. */
interface TokenChanging extends Change {
  readonly current: Awaited<ReturnType<typeof currentToken>>;
  readonly retiring: RetiringToken | null;
}

/**
 * Declares one change of the account security token: refused with `conflict` where the state machine has no such step.
 * Of two clicks at once the second one sees what the first one did. Whatever ends *known callers only* forgets them.
 */
export function tokenUseCase<T, S extends z.ZodType = Nothing>({
  step,
  input,
  altersDecision = true,
  run,
}: {
  readonly step: TokenChange | ((input: z.output<S>) => TokenChange);
  readonly input?: S;
  readonly altersDecision?: boolean;
  readonly run: (change: TokenChanging, input: z.output<S>) => Promise<ChangeOutcome<T>>;
}): UseCase<S, T> {
  return changeUseCase({
    permission: "token.change",
    altersDecision,
    ...(input && { input }),
    run: async (change, given: z.output<S>) => {
      const { tx } = change;
      const enforcement = enforcementNow(change.account, new Date());
      const account = { ...change.account, enforcement };
      const taken = typeof step === "function" ? step(given) : step;
      const current = await currentToken(tx, account.id);
      const retiring = await retiringToken(tx, account.id);
      const status = tokenStatus(current !== null, account.enforcement);
      if (!canChange(status, taken, retiring !== null)) throw new Refusal("conflict");
      const outcome = await run({ ...change, account, current, retiring }, given);
      if (change.account.enforcement === "grace" && outcome.event) await forgetKnownCallers(tx, account.id);
      if (outcome.event && startsWatch(taken)) {
        await tx.account.update({ where: { id: account.id }, data: { activatedAt: new Date() } });
      }
      return outcome;
    },
  });
}

/** Forgets who was known, unless known callers only still get in without the token. */
export async function forgetKnownCallers(tx: Transaction, accountId: string): Promise<void> {
  const left = { accountId, account: { enforcement: { not: "grace" as const } } };
  await tx.account.updateMany({
    where: { id: accountId, enforcement: { not: "grace" } },
    data: { graceSince: null, graceUntil: null },
  });
  await tx.knownCaller.deleteMany({ where: left });
}

/** An audit record about the token, known by its last four characters. */
export function tokenEvent(
  action: AuditAction,
  token: { readonly id: string; readonly lastFour: string } | null,
  details?: AuditDetails,
): AuditRecord {
  return {
    action,
    targetType: "token",
    targetId: token?.id,
    details: { ...(token && { lastFour: token.lastFour }), ...details },
  };
}
