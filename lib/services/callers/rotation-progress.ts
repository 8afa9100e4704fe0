import { type CallerRow, readOldTokenHours } from "@/lib/db/callers";
import type { Transaction } from "@/lib/db/transaction";
import type { OldTokenCaller, RotationProgress } from "@/lib/domain/caller-view";
import { isDismissed } from "@/lib/domain/preflight";
import { sendsOldToken } from "@/lib/domain/rotation-progress";
import { isCovered, type JudgedCallers, judgeCallers } from "./judge-callers";

/** Callers that are named; the rest is counted. */
const named = 10;

function toView({ id, name, agent, address, others, instanceName, lastSeenAt }: CallerRow): OldTokenCaller {
  return { id, name, agent, address, others, instanceName, lastSeenAt };
}

/** The ids of the callers that still send the old token, dismissed ones too; null while no rotation is under way. */
export async function findOldTokenCallers(
  accountId: string,
  { judged, rotatedAt }: JudgedCallers,
  now: Date,
  tx: Transaction | null = null,
): Promise<ReadonlySet<string> | null> {
  if (rotatedAt === null) return null;
  const hours = await readOldTokenHours(accountId, rotatedAt, now, tx);
  const old = judged.filter(({ caller }) => {
    const facts = { ...caller, oldRecently: hours.has(caller.id), newBefore: hours.get(caller.id) ?? false };
    return sendsOldToken(facts, rotatedAt, now);
  });
  return new Set(old.map(({ caller }) => caller.id));
}

/** Who still sends the old token, those whom ending it would reject first. */
export function rotationProgress(
  { judged, enforcement }: JudgedCallers,
  old: ReadonlySet<string>,
): RotationProgress {
  const sending = judged.map(({ caller }) => caller).filter((each) => old.has(each.id) && !isDismissed(each));
  const demanded = sending.filter((caller) => isCovered(caller, enforcement));
  const rest = sending.filter((caller) => !isCovered(caller, enforcement));
  const own = [...demanded, ...rest].filter(({ others }) => !others);
  return {
    callers: own.slice(0, named).map(toView),
    total: own.length,
    folded: sending.length - own.length,
    demanded: demanded.length,
  };
}

/** Whether anybody still sends the old token of the rotation under way. Says nothing about who may know. */
export async function isOldTokenSent(tx: Transaction, accountId: string, now: Date): Promise<boolean> {
  const found = await judgeCallers(accountId, now, tx);
  const old = found && (await findOldTokenCallers(accountId, found, now, tx));
  if (!found || !old) return false;
  const { total, folded } = rotationProgress(found, old);
  return total + folded > 0;
}
