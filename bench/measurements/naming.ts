import { join } from "node:path";
import { type Bench, upstreamUrl } from "../bench";
import { newCall, requestBytes, requestOf, writePaths } from "../call";
import { seedAccount, seedCall, seedNamedCall, seedService, withDatabase } from "../database";
import { type WrkRun, wrkMany, wrkOne } from "../load/wrk";
import { processorMs } from "../processes";
import { type Figure, ratios, type Section } from "../report";
import { sendEach, startGate } from "./gates";

const route = "/v1/{instance}/{*}";
const pathTo = (name: string) => `/v1/${name}/orders?limit=20`;

/** A database with one instance for each way to name one, and a service with very many. */
async function openDatabase(bench: Bench) {
  const url = await bench.databases.create();
  const upstream = upstreamUrl(bench);
  const many = bench.settings.hotInstances;
  bench.progress(`filling a database with ${many.toLocaleString("en")} instances of one service`);
  return withDatabase(url, async (client) => {
    const account = await seedAccount(client);
    const [call, named] = [newCall(account.clientToken), newCall(account.clientToken)];
    await seedCall(client, account, call, upstream);
    await seedNamedCall(client, account, named, { host: "shop.bench.example", upstreamUrl: upstream });
    await seedService(client, account, { host: "one.bench.example", upstreamUrl: upstream, route, count: 1 });
    await seedService(client, account, {
      host: "many.bench.example",
      upstreamUrl: upstream,
      route,
      count: many,
    });
    return { url, call, token: account.clientToken };
  });
}

/** Compares the ways to name an instance at one gate, each in turn, and one instance of a service to very many. */
export async function measureNaming(bench: Bench): Promise<Section> {
  const { rounds, run, warmUp, hotInstances } = bench.settings;
  const { url, call, token } = await openDatabase(bench);
  const gate = await startGate(bench, { url, call });
  const under = (host: string, path: string) => ({
    ...gate,
    request: { path, headers: { Host: host, "Client-Token": token } },
  });
  const names = Array.from({ length: hotInstances }, (_, n) => `n${n + 1}`);
  // A list as long for one instance, so that the generator, which shares the machine, does the same work.
  const [file, same] = [join(bench.folder, "named.calls"), join(bench.folder, "same-named.calls")];
  writePaths(
    file,
    names.map((name) => [pathTo(name), token] as const),
  );
  writePaths(
    same,
    names.map(() => [pathTo("n1"), token] as const),
  );
  const ways: readonly (readonly [label: string, measure: (seconds: number) => Promise<WrkRun>])[] = [
    ["By the contract's path", (s) => wrkOne(bench, { ...gate, request: requestOf(call) }, s)],
    [
      "By a host name of its own",
      (s) => wrkOne(bench, under("shop.bench.example", "/v1/orders?limit=20"), s),
    ],
    ["By a route of a service", (s) => wrkOne(bench, under("one.bench.example", pathTo("n1")), s)],
    [
      "By a route, one instance from a list",
      (s) => wrkMany(bench, gate.port, s, ["cycle", same], "one.bench.example"),
    ],
    [
      `By a route, ${hotInstances.toLocaleString("en")} of one service called in turn`,
      (s) => wrkMany(bench, gate.port, s, ["cycle", file], "many.bench.example"),
    ],
  ];
  bench.progress("calling each instance once, so that it is known");
  await sendEach(
    gate.port,
    names.map((name) => requestBytes(under("many.bench.example", pathTo(name)).request)),
  );
  for (const [, measure] of ways) await measure(warmUp);
  const [speeds, micros] = [ways.map((): number[] => []), ways.map((): number[] => [])];
  // There and back: a machine that slows down in a round does so for all of them.
  const thereAndBack = [...ways.keys(), ...[...ways.keys()].reverse()];
  for (let round = 1; round <= rounds; round++) {
    bench.progress(`round ${round} of ${rounds}`);
    const sums = ways.map(() => ({ perSecond: 0, requests: 0, ms: 0 }));
    for (const at of thereAndBack) {
      const [way, sum] = [ways[at], sums[at]];
      if (!way || !sum) continue;
      const before = processorMs(gate.child.pid);
      const { perSecond, requests } = await way[1](run);
      sum.perSecond += perSecond;
      sum.requests += requests;
      sum.ms += processorMs(gate.child.pid) - before;
    }
    for (const [at, { perSecond, requests, ms }] of sums.entries()) {
      speeds[at]?.push(perSecond / 2);
      micros[at]?.push((ms * 1000) / requests);
    }
  }
  const [path = [], host = [], one = [], listed = [], many = []] = speeds;
  const ratio = (label: string, of: number[], by: number[], limit: number): Figure => ({
    label,
    unit: "",
    values: ratios(of, by),
    target: { bound: "at least", limit },
  });
  return {
    name: "naming",
    title: "Ways to name an instance",
    figures: [
      ...ways.flatMap(([label], at): Figure[] => [
        { label, column: "throughput", unit: "requests/s", values: speeds[at] ?? [] },
        { label, column: "processor time a request", unit: "µs", values: micros[at] ?? [] },
      ]),
      ratio("host name ÷ path", host, path, 0.95),
      ratio("route ÷ path", one, path, 0.95),
      ratio("very many instances of a service ÷ one", many, listed, 0.9),
    ],
    failures: [],
    notes:
      "- All five at one gate, one after the other in each round and back again. Each request brings the account's token.\n",
  };
}
