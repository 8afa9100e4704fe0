import type { PolicyReading } from "@/lib/db/policy";
import type { InstancePolicy } from "@/lib/domain/gate";

/** Reads the policies of many instances in one round trip. */
export type ManyPoliciesReader = (
  instanceIds: readonly string[],
) => Promise<ReadonlyMap<string, PolicyReading>>;

interface Waiting {
  readonly instanceId: string;
  readonly resolve: (policy: InstancePolicy | null) => void;
  readonly reject: (error: unknown) => void;
}

/** More look-ups are waiting than the database could answer in reasonable time. */
export class TooManyLookUps extends Error {
  override name = "TooManyLookUps";
  readonly code = "TOO_MANY_LOOK_UPS";
}

const statementsAtOnce = 4;
const mostPerStatement = 200;
const mostWaiting = 20_000;

/**
 * Gathers single look-ups into few statements: what is asked while all statements are under way goes
 * with the next one. One look-up at a time costs one statement each and waits for nothing.
 */
export class PolicyBatches {
  readonly #readMany: ManyPoliciesReader;
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(readMany: ManyPoliciesReader) {
    this.#readMany = readMany;
  }

  /** Reads one policy; null when there is no such instance. The statement starts after this call. */
  read(instanceId: string): Promise<InstancePolicy | null> {
    if (this.#waiting.length >= mostWaiting) return Promise.reject(new TooManyLookUps());
    const policy = new Promise<InstancePolicy | null>((resolve, reject) => {
      this.#waiting.push({ instanceId, resolve, reject });
    });
    this.#next();
    return policy;
  }

  #next(): void {
    if (this.#underWay >= statementsAtOnce || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, mostPerStatement);
    this.#underWay++;
    void this.#run(batch).finally(() => {
      this.#underWay--;
      this.#next();
    });
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    try {
      const found = await this.#readMany(batch.map(({ instanceId }) => instanceId));
      for (const { instanceId, resolve, reject } of batch) {
        try {
          resolve(found.get(instanceId)?.() ?? null);
        } catch (error) {
          reject(error);
        }
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
