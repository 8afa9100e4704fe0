import { parentPort } from "node:worker_threads";
import { simulate } from "./simulate";

/** A thread that simulates worlds, as many as it is told at a time. */
parentPort?.on("message", async ({ firstSeed, worlds }: { firstSeed: number; worlds: number }) => {
  parentPort?.postMessage(await simulate(firstSeed, worlds));
});
