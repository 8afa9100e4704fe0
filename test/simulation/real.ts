import { vi } from "vitest";
import { hourMs } from "@/lib/domain/traffic";
import { ModelLatchkey } from "./model";
import { RealLatchkey } from "./real-latchkey";
import { type Outcome, run } from "./run";
import { type World, worldOf } from "./world";

const dayMs = 24 * hourMs;

/** The first Monday that is wholly to come: the database has a clock of its own, and worlds are not to be over. */
const nextMonday = () => Math.ceil((Date.now() - 4 * dayMs) / (7 * dayMs)) * 7 * dayMs + 4 * dayMs;

/** What came of a world, with Latchkey itself and with the one in memory. */
interface Both {
  readonly world: World;
  readonly real: Outcome;
  readonly inMemory: Outcome;
}

/** Worlds for Latchkey itself, in the weeks to come. Only `Date` is moved; the database's own clock goes on. */
export function runReally(): {
  readonly worldAt: (seed: number) => Promise<Both>;
  readonly close: () => void;
} {
  const monday = nextMonday();
  vi.useFakeTimers({ toFake: ["Date"] });
  return {
    async worldAt(seed) {
      const world = worldOf(seed, monday);
      const real = await run(world, await RealLatchkey.open(world));
      return { world, real, inMemory: await run(world, new ModelLatchkey(world)) };
    },
    close: () => void vi.useRealTimers(),
  };
}

/** Whether callers are limited as Latchkey limits them, so that it can be run in this world. */
export const isPossible = ({ perInstance }: World) => perInstance === 500;
