import type { CallerRow } from "@/lib/db/callers";
import type { GraceRow } from "@/lib/db/grace";
import { knownCallerKey } from "@/lib/domain/gate";
import type { Evidence } from "@/lib/domain/preflight-evidence";
import type { CallerTable } from "./caller-table";
import type { Rules } from "./rules";

interface Known {
  readonly instanceId: string;
  /** What gates know it by. */
  readonly gateKey: string;
  liveSince: Date | null;
  ended: boolean;
}

/** The callers as what makes them known is read. */
export function graceRowsOf(callers: readonly CallerRow[], table: CallerTable): GraceRow[] {
  return callers.map((caller) => ({
    ...caller,
    accepted: table.acceptedOf(caller.id),
    lately: 0,
    withoutToken: 0,
  }));
}

/** The table of known callers in memory, as `protectKnownCallers` and `keepGrace` keep it in PostgreSQL. */
export class KnownInMemory {
  readonly #known = new Map<string, Known>();

  /** From now on these are known, by their keys. */
  begin(rows: readonly GraceRow[]): ReadonlySet<string> {
    this.#known.clear();
    for (const { id, instanceId, address, agent } of rows) {
      const gateKey = knownCallerKey(address ?? "", agent);
      this.#known.set(id, { instanceId, gateKey, liveSince: null, ended: false });
    }
    return new Set(this.#known.keys());
  }

  /** Nobody is known any more. */
  forget(): void {
    this.#known.clear();
  }

  /** Whether it still gets in without the token; of an instance's others, whether one of them may: one without a row. */
  isOpen(id: string, rows: ReadonlyMap<string, unknown>): boolean {
    const own = this.#known.get(id);
    if (own) return !own.ended;
    return [...this.#known].some(
      ([key, { instanceId, ended }]) => instanceId === id && !ended && !rows.has(key),
    );
  }

  /** As a gate's policy of an instance has them. */
  at(instanceId: string): ReadonlySet<string> | null {
    const found = [...this.#known.values()].filter((each) => each.instanceId === instanceId && !each.ended);
    return found.length > 0 ? new Set(found.map(({ gateKey }) => gateKey)) : null;
  }

  /** Notes who sends the token, and ends it for those that have for long enough. */
  look(table: CallerTable, evidence: Evidence, { tokenSince, graceEnds }: Rules, now: Date): string[] {
    const date = (ms: number | null | undefined) => (typeof ms === "number" ? new Date(ms) : null);
    const ended: string[] = [];
    for (const [id, known] of this.#known) {
      if (known.ended) continue;
      const row = table.rows.get(id);
      const moments = { liveAt: date(row?.liveAt), notLiveAt: date(row?.notLiveAt) };
      const since = tokenSince(moments, known.liveSince, evidence);
      if (since?.getTime() !== known.liveSince?.getTime()) {
        known.liveSince = since;
        continue;
      }
      if (since === null || !graceEnds(moments, table.tokenlessRhythmOf(id), evidence, since, now)) continue;
      known.ended = true;
      ended.push(id);
    }
    return ended;
  }
}
