import { refusesData, writeObservations } from "@/lib/db/observations";
import { forgetOldTraffic } from "@/lib/db/traffic";
import { createGateLog, failureFacts } from "../log";
import type { Observer } from "../observation";
import { createObserver } from "./observer";

/** Between two looks for what is old enough to be forgotten. */
const forgetEveryMs = 10 * 60_000;

function create(): Observer {
  const log = createGateLog();
  const observer = createObserver({
    write: writeObservations,
    isHopeless: refusesData,
    onFailure: (error, waiting) =>
      log.error({ ...failureFacts(error), waiting }, "statistics could not be written; they are kept"),
    onLost: (requests) => log.error({ requests }, "statistics found no room; the requests are not counted"),
  });
  const forget = () =>
    forgetOldTraffic().catch((error) =>
      log.error(failureFacts(error), "old statistics could not be deleted"),
    );
  const timer = setInterval(() => void forget(), forgetEveryMs).unref();
  return {
    ...observer,
    close: () => {
      clearInterval(timer);
      return observer.close();
    },
  };
}

// `next dev` reloads modules; what is not yet written must outlive them.
const shared = globalThis as typeof globalThis & { latchkeyObserver?: Observer };

/** The observer of this process, made on first use. It writes to `DATABASE_URL`. */
export function processObserver(): Observer {
  shared.latchkeyObserver ??= create();
  return shared.latchkeyObserver;
}

/** Writes down what this process has observed, if it has, and ends observing: the last thing before it ends. */
export async function closeProcessObserver(): Promise<void> {
  await shared.latchkeyObserver?.close();
}
