import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { LoadConnection } from "./connection";
import { latenciesOf } from "./latencies";
import { OpenLoop } from "./open-loop";
import { constantRate, flood, preflightReads, sweep } from "./tasks";

// The program that does one of the tasks: its name is the argument, its input JSON on standard input.

/** Does something on several connections at once, and tells how many seconds it took. */
async function onConnections(
  port: number,
  count: number,
  work: (connection: LoadConnection) => Promise<void>,
): Promise<number> {
  const start = performance.now();
  const each = async () => {
    const connection = await LoadConnection.open(port);
    await work(connection);
    connection.close();
  };
  await Promise.all(Array.from({ length: count }, each));
  return (performance.now() - start) / 1000;
}

async function runSweep({ port, callsFile, connections }: z.infer<typeof sweep.input>) {
  const lines = readFileSync(callsFile, "utf8").split("\n").filter(Boolean);
  const times: number[] = [];
  let next = 0;
  let wrong = 0;
  const seconds = await onConnections(port, connections, async (connection) => {
    for (let line = lines[next++]; line !== undefined; line = lines[next++]) {
      const [path, token] = line.split("\t");
      const sent = performance.now();
      const status = await connection.ask(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nClient-Token: ${token}\r\n\r\n`,
      );
      times.push(performance.now() - sent);
      if (status !== 200) wrong++;
    }
  });
  return { ...latenciesOf(times), requestsPerSecond: times.length / seconds, wrong };
}

/** Programs are fewer than addresses, but more than a gate remembers the names of. */
const programs = 20_000;

async function runFlood({ port, paths, callers, connections }: z.infer<typeof flood.input>) {
  let next = 0;
  let wrong = 0;
  const requestFrom = (caller: number) => {
    const address = `10.${caller >> 16}.${(caller >> 8) & 255}.${caller & 255}`;
    return (
      `GET ${paths[caller % paths.length]} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `X-Forwarded-For: ${address}\r\nUser-Agent: bot-${caller % programs}/1.0\r\n\r\n`
    );
  };
  const seconds = await onConnections(port, connections, async (connection) => {
    while (next < callers) if ((await connection.ask(requestFrom(next++))) !== 200) wrong++;
  });
  return { requestsPerSecond: callers / seconds, wrong };
}

async function readPreflights(input: z.infer<typeof preflightReads.input>, enough: AbortSignal) {
  const { readPreflight } = await import("@/lib/services/callers/preflight");
  const owner: Actor = {
    kind: "person",
    userId: "",
    email: "",
    sessionId: "",
    provenAt: new Date(),
    address: "127.0.0.1",
    userAgent: "bench",
    accountId: input.accountId,
    accountName: "Bench",
    role: "owner",
    twoStepMissing: false,
  };
  const times: number[] = [];
  // Opens its connections and compiles its statements.
  await readPreflight(owner);
  while (times.length < input.reads && !enough.aborted) {
    const start = performance.now();
    await readPreflight(owner);
    times.push(performance.now() - start);
    await sleep(input.pauseMs);
  }
  return latenciesOf(times);
}

function work(name: string | undefined, input: unknown, enough: AbortSignal): Promise<unknown> {
  switch (name) {
    case constantRate.name:
      return new OpenLoop(constantRate.input.parse(input), enough).run();
    case sweep.name:
      return runSweep(sweep.input.parse(input));
    case flood.name:
      return runFlood(flood.input.parse(input));
    case preflightReads.name:
      return readPreflights(preflightReads.input.parse(input), enough);
    default:
      throw new Error(`there is no task ${name}`);
  }
}

const enough = new AbortController();
process.on("SIGTERM", () => enough.abort());
const result = await work(process.argv[2], JSON.parse(await text(process.stdin)), enough.signal);
process.stdout.write(JSON.stringify(result), () => process.exit());
