import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Config } from "@/lib/config";
import { openReceiptStore } from "@/lib/db/gate-confirmations";
import type { ClockWatch } from "@/lib/gate/clock-watch";
import { failureFacts, type GateLog, tellOften } from "@/lib/gate/log";
import { Receipts } from "@/lib/gate/receipts";

/** Which gate a process belongs to. */
export interface GateMembership {
  readonly gateId: string;
  /** Process id of the gate's first process. */
  readonly leadPid: number;
}

/** What this process reports of itself, and the way it does. */
export function receiptsOf(
  { gate }: Config,
  { gateId, leadPid }: GateMembership,
  clock: ClockWatch,
  log: GateLog,
): Receipts {
  const { maxStalenessMs: stalenessMs } = gate;
  const node = { id: randomUUID(), gateId, host: hostname(), pid: process.pid, leadPid, stalenessMs };
  return new Receipts({
    store: openReceiptStore(node),
    now: () => performance.now(),
    clockAheadMs: () => clock.offMs,
    onFailure: (error) => {
      tellOften(log, "error", "receipts", () => failureFacts(error), "what is applied could not be reported");
    },
  });
}
