import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "@/lib/domain/actor";
import { readPreflight } from "@/lib/services/callers/preflight";
import { preflightInput } from "../load/generators";
import { summarise } from "../load/latencies";

const { accountId, reads, pauseMs } = preflightInput.parse(JSON.parse(await text(process.stdin)));
const owner: Actor = {
  kind: "person",
  userId: "",
  email: "",
  sessionId: "",
  provenAt: new Date(),
  address: "127.0.0.1",
  userAgent: "bench",
  accountId,
  accountName: "Bench",
  role: "owner",
  twoStepMissing: false,
};
const times: number[] = [];
let stopped = false;
process.on("SIGTERM", () => {
  stopped = true;
});

// Opens its connections and compiles its statements.
await readPreflight(owner);
while (times.length < reads && !stopped) {
  const start = performance.now();
  await readPreflight(owner);
  times.push(performance.now() - start);
  await sleep(pauseMs);
}
process.stdout.write(JSON.stringify(summarise(times)), () => process.exit());
