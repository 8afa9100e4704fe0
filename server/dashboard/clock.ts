import { readPooledClock } from "@/lib/db/listener";
import { ClockWatch } from "@/lib/gate/clock-watch";
import { createLog } from "@/lib/log/logger";

const everyMs = 60_000;

/** Compares this machine's clock with the database's at once and then every minute, until the process ends. */
export function watchClock(): void {
  const watch = new ClockWatch(createLog("dashboard"));
  const compare = () => {
    // A database that is away is told by whoever needs it.
    readPooledClock().then(
      (reading) => watch.compared(reading),
      () => {},
    );
  };
  setInterval(compare, everyMs).unref();
  compare();
}
