import { join } from "node:path";
import { waitUntil } from "@/server/processes";
import { type Call, type LoadRequest, upstreamBody, writeCalls } from "./call";
import { type Databases, seedAccount, seedCall, seedInstances, withDatabase } from "./database";
import type { ExpectedAnswer } from "./load/wrk";
import type { Cores } from "./machine";
import { type Against, BenchError, type Settings } from "./options";
import type { Child, Children } from "./processes";

/** What every measurement works with. */
export interface Bench {
  readonly settings: Settings;
  readonly cores: Cores;
  /** Vanishes at the end. */
  readonly folder: string;
  readonly children: Children;
  /** The nginx that all proxies forward to. */
  readonly upstreamPort: number;
  /** The request that all peers get; an instance of the small database accepts it. */
  readonly call: Call;
  readonly databases: Databases;
  readonly against: Against | null;
  /** Folder for CPU profiles of the gate; null means none are taken. */
  readonly profile: string | null;
  /** Tells the person at the terminal how far it is. */
  readonly progress: (line: string) => void;
}

/** Where the instances of a bench forward to. */
export const upstreamUrl = (bench: Bench) => `http://127.0.0.1:${bench.upstreamPort}`;

const startMs = 45_000;
const right: Readonly<Record<ExpectedAnswer, string>> = {
  accepted: `200 ${upstreamBody}`,
  rejected: '403 {"error":"Client-Token not allowed"}',
};

/**
 * Waits until a server that was just started gives exactly the answer that it is measured by.
 *
 * @throws BenchError when it ends, or does not answer rightly in time
 */
export async function awaitRightAnswer(
  { child, port, request, expected }: Subject,
  everyMs = 50,
): Promise<void> {
  let last = "no answer";
  const isRight = async () => {
    const signal = AbortSignal.timeout(10_000);
    last = await fetch(`http://127.0.0.1:${port}${request.path}`, { headers: request.headers, signal }).then(
      async (answer) => `${answer.status} ${await answer.text()}`,
      () => "no answer",
    );
    return last === right[expected];
  };
  const answered = await waitUntil(async () => child.hasExited() || isRight(), {
    withinMs: startMs,
    everyMs,
  });
  if (answered && !child.hasExited()) return;
  const seen = child.hasExited() ? "it ended" : last.slice(0, 200);
  throw new BenchError(`did not start: ${seen}\n${child.tail()}`.trim());
}

/** A server that runs, and what it is asked. */
export interface Subject {
  readonly child: Child;
  readonly port: number;
  readonly request: LoadRequest;
  readonly expected: ExpectedAnswer;
}

const made = new WeakMap<Bench, Map<string, Promise<unknown>>>();

/** Makes something on first use, and gives the same to whoever asks later. */
function once<T>(bench: Bench, name: string, make: () => Promise<T>): Promise<T> {
  const things = made.get(bench) ?? new Map<string, Promise<T>>();
  made.set(bench, things);
  const thing = (things.get(name) as Promise<T> | undefined) ?? make();
  things.set(name, thing);
  return thing;
}

/** A database with one instance, which accepts `bench.call`, and the account of both. */
export const smallDatabase = (bench: Bench) =>
  once(bench, "small", async () => {
    const url = await bench.databases.create();
    const { accountId } = await withDatabase(url, async (client) => {
      const account = await seedAccount(client, bench.call.clientToken);
      await seedCall(client, account, bench.call, upstreamUrl(bench));
      return account;
    });
    return { url, accountId };
  });

/** A database with very many instances, the calls of those that are called, and the file of these calls. */
export const largeDatabase = (bench: Bench) =>
  once(bench, "large", async () => {
    const { instances, hotInstances, accounts } = bench.settings;
    bench.progress(`filling a database with ${instances.toLocaleString("en")} instances`);
    const url = await bench.databases.create();
    const calls = await withDatabase(url, async (client) => {
      const owners = [];
      for (let n = 0; n < accounts; n++) owners.push(await seedAccount(client));
      const upstream = { count: instances, hot: hotInstances, upstreamUrl: upstreamUrl(bench) };
      return seedInstances(client, owners, upstream);
    });
    const file = join(bench.folder, "hot.calls");
    writeCalls(file, calls);
    return { url, calls, file };
  });
