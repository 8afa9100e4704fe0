import type { Bench } from "../bench";
import { seedAccount, seedCall, withDatabase } from "./seed";

const made = new WeakMap<Bench, Promise<string>>();

async function make(bench: Bench): Promise<string> {
  const url = await bench.databases.create();
  await withDatabase(url, async (client) => {
    const account = await seedAccount(client, bench.call.clientToken);
    await seedCall(client, account, bench.call, `http://127.0.0.1:${bench.upstreamPort}`);
  });
  return url;
}

/** The database with one instance, which accepts `bench.call`; made on first use. */
export function smallDatabase(bench: Bench): Promise<string> {
  const url = made.get(bench) ?? make(bench);
  made.set(bench, url);
  return url;
}
