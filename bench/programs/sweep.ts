import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Connection } from "../load/connection";
import { type SweepResult, sweepInput } from "../load/generators";
import { summarise } from "../load/latencies";

const { port, callsFile, connections } = sweepInput.parse(JSON.parse(await text(process.stdin)));
const lines = readFileSync(callsFile, "utf8").split("\n").filter(Boolean);
const times: number[] = [];
let next = 0;
let wrong = 0;

/** Takes one call after the other from the list that all connections share. */
async function work(): Promise<void> {
  const connection = await Connection.open(port);
  for (let line = lines[next++]; line !== undefined; line = lines[next++]) {
    const [path, token] = line.split("\t");
    const sent = performance.now();
    const status = await connection.ask(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nClient-Token: ${token}\r\n\r\n`,
    );
    times.push(performance.now() - sent);
    if (status !== 200) wrong++;
  }
  connection.close();
}

const start = performance.now();
await Promise.all(Array.from({ length: connections }, work));
const seconds = (performance.now() - start) / 1000;
const { count, p50, p99 } = summarise(times);
const result: SweepResult = { count, requestsPerSecond: count / seconds, p50, p99, wrong };
process.stdout.write(JSON.stringify(result), () => process.exit());
