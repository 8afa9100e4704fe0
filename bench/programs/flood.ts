import { text } from "node:stream/consumers";
import { Connection } from "../load/connection";
import { type FloodResult, floodInput } from "../load/generators";

const { port, paths, callers, connections } = floodInput.parse(JSON.parse(await text(process.stdin)));
/** Programs are fewer than addresses, but more than a gate remembers the names of. */
const programs = 20_000;
let next = 0;
let wrong = 0;

function requestFrom(caller: number): string {
  const address = `10.${caller >> 16}.${(caller >> 8) & 255}.${caller & 255}`;
  return (
    `GET ${paths[caller % paths.length]} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
    `X-Forwarded-For: ${address}\r\nUser-Agent: bot-${caller % programs}/1.0\r\n\r\n`
  );
}

async function work(): Promise<void> {
  const connection = await Connection.open(port);
  while (next < callers) if ((await connection.ask(requestFrom(next++))) !== 200) wrong++;
  connection.close();
}

const start = performance.now();
await Promise.all(Array.from({ length: connections }, work));
const seconds = (performance.now() - start) / 1000;
const result: FloodResult = { requestsPerSecond: callers / seconds, wrong };
process.stdout.write(JSON.stringify(result), () => process.exit());
