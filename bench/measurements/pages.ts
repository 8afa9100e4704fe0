import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { checkout } from "@/server/folders";
import type { Bench } from "../bench";
import { withDatabase } from "../database";
import { percentile } from "../load/open-loop";
import { BenchError, failureReason } from "../options";
import type { Figure, Section } from "../report";
import { type SignedIn, startDashboard } from "./page";
import { type FullAccount, seedFullAccount } from "./pages-account";
import { type SeenPage, seePages } from "./pages-browser";

/** A page to ask for: its address, and what stands for it in the table. */
interface AskedPage {
  readonly label: string;
  readonly path: string;
  readonly signedOut?: true;
}

/** Every page that somebody opens by its address, and the longest forms of those that can be long. */
function pagesOf({ instanceId, serviceId }: FullAccount, lastPage: number): readonly AskedPage[] {
  const inside = [
    ...[
      "/overview",
      "/instances",
      `/instances?page=${lastPage}`,
      "/instances?search=zzz",
      "/instances/import",
    ],
    ...["/services", "/services/new", "/security", "/security?shown=200", "/security/addresses"],
    ...["/activity", "/activity/rejected", "/settings", "/settings/server", "/accounts"],
  ].map((path) => ({ label: path, path }));
  const outside = ["/login", "/register", "/forgot"].map((path) => ({
    label: path,
    path,
    signedOut: true as const,
  }));
  return [
    ...inside,
    { label: "/instances/{id}", path: `/instances/${instanceId}` },
    { label: "/services/{id}", path: `/services/${serviceId}` },
    ...outside,
  ];
}

const kb = (bytes: number) => bytes / 1000;

/** Asks for a page once. @returns milliseconds until all of it was there, and its bytes, compressed by gzip */
async function ask({ port, cookie }: SignedIn, { path, signedOut }: AskedPage) {
  const headers = { accept: "text/html", ...(signedOut ? {} : { cookie }) };
  const start = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: "manual" });
  const text = await answer.text();
  const ms = performance.now() - start;
  if (answer.status !== 200) throw new BenchError(`${path} was answered ${answer.status}`);
  return { ms, kb: kb(gzipSync(text).length) };
}

/** What every page loads whatever is on it: React, the router of Next.js and their loader, compressed by gzip. */
function frameworkKb(): number {
  const manifest = JSON.parse(readFileSync(join(checkout, ".next", "build-manifest.json"), "utf8"));
  const files: readonly string[] = manifest.rootMainFiles;
  return kb(
    files.reduce((sum, file) => sum + gzipSync(readFileSync(join(checkout, ".next", file))).length, 0),
  );
}

/** Asks for each page so often in every round; the first time of all stands apart. */
const asksARound = 4;

/** JavaScript of a page in kB, and how long the server may take for any. */
const scriptBudgets: Readonly<Record<string, number>> = { "/login": 130, "/security": 160 };
const serverBudgetMs = 300;

/** The table of what Chromium saw of pages: a column each, and the budgets of their JavaScript apart. */
function browserFigures(seen: ReadonlyMap<string, readonly SeenPage[]>): Figure[] {
  return [...seen].flatMap(([path, rounds]) => {
    const column = (column: string, unit: string, of: (page: SeenPage) => number): Figure => {
      return { label: `${path}, in Chromium`, column, unit, values: rounds.map(of) };
    };
    const budget = scriptBudgets[path];
    const scripts = rounds.map(({ namedBytes }) => kb(namedBytes));
    return [
      column("LCP", "ms", ({ lcpMs }) => lcpMs),
      column("INP", "ms", ({ inpMs }) => inpMs),
      column("JavaScript", "kB", ({ namedBytes }) => kb(namedBytes)),
      column("JavaScript in the end", "kB", ({ scriptBytes }) => kb(scriptBytes)),
      ...(budget === undefined
        ? []
        : [
            {
              label: `JavaScript of \`${path}\`, gzip`,
              unit: "kB",
              values: scripts,
              target: { bound: "at most", limit: budget } as const,
            },
          ]),
    ];
  });
}

/** Every page of an account with very many instances and callers: what the server takes for it, and a slow browser. */
export async function measurePages(bench: Bench): Promise<Section> {
  const { rounds, accountInstances: instances, accountCallers: callers } = bench.settings;
  const [some, many] = [callers, instances].map((count) => count.toLocaleString("en"));
  bench.progress(`filling an account with ${many} instances and ${some} callers`);
  const url = await bench.databases.create();
  const account = await withDatabase(url, (client) => seedFullAccount(client, { instances, callers }));
  const member = await startDashboard(bench, url, account.accountId, bench.cores.server);
  const pages = pagesOf(account, Math.ceil(instances / 20));
  const first = new Map<string, number>();
  for (const page of pages) first.set(page.label, (await ask(member, page)).ms);
  const found = new Map<string, { p50: number[]; p95: number[]; html: number[] }>();
  const slowest: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    bench.progress(`round ${round} of ${rounds}`);
    let worst = 0;
    for (const page of pages) {
      const answers: Awaited<ReturnType<typeof ask>>[] = [];
      for (let n = 0; n < asksARound; n++) answers.push(await ask(member, page));
      const times = answers.map(({ ms }) => ms);
      const { p50, p95, html } = found.get(page.label) ?? { p50: [], p95: [], html: [] };
      const median = percentile(times, 0.5);
      worst = Math.max(worst, median);
      found.set(page.label, {
        p50: [...p50, median],
        p95: [...p95, percentile(times, 0.95)],
        html: [...html, answers[0]?.kb ?? Number.NaN],
      });
    }
    slowest.push(worst);
  }
  bench.progress("opening pages in Chromium");
  const failures: string[] = [];
  const seen = await seePages(member, rounds).catch((error: unknown) => {
    failures.push(failureReason(error));
    return new Map<string, readonly SeenPage[]>();
  });
  const figures = [...found].flatMap(([label, { p50, p95, html }]): Figure[] => [
    { label, column: "server, first time", unit: "ms", values: [first.get(label) ?? Number.NaN] },
    { label, column: "server, median", unit: "ms", values: p50 },
    { label, column: "server, worst of a round", unit: "ms", values: p95 },
    { label, column: "HTML", unit: "kB", values: html },
  ]);
  return {
    name: "pages",
    title: `Pages of an account with ${many} instances and ${some} callers`,
    figures: [
      {
        label: "server's time for the slowest page",
        unit: "ms",
        values: slowest,
        target: { bound: "at most", limit: serverBudgetMs },
      },
      ...figures,
      ...browserFigures(seen),
      {
        label: "React and Next.js, on every page",
        column: "JavaScript",
        unit: "kB",
        values: [frameworkKb()],
      },
    ],
    failures,
    notes: `- The dashboard has one core to itself, the database and Chromium share the rest. The server's time is from the request until
  all of the HTML is there; each page is asked for ${asksARound} times in a round. The first time of all, right after the start, stands apart.
- A third of the instances is enforced since two hours ago, and callers are of four kinds in equal parts: with the token, without it,
  with a wrong one, and rejected. Each called in every hour of three days.
- Chromium runs four times slower than it could (\`Emulation.setCPUThrottlingRate\`), with nothing in its cache. LCP is the largest
  contentful paint; INP the longest of a few interactions: opening a menu or a dialog and typing. JavaScript is
  what the page names, and in the end what it has loaded by itself before anybody touches it, each file compressed by gzip.
`,
  };
}
