import { pace } from "@/components/live/pace";
import { readingOf } from "@/lib/domain/live";
import { freePort } from "@/server/http/listen";
import { waitUntil } from "@/server/processes";
import { type Bench, smallDatabase } from "../bench";
import { seedOwner, withDatabase } from "../database";
import { wrkOne } from "../load/wrk";
import { BenchError } from "../options";
import { startProduct } from "../peers";
import { type Child, processorMs } from "../processes";
import { ratios, type Section } from "../report";
import { startGate } from "./gates";

/** A dashboard, and a member who is signed in to it. */
export interface SignedIn {
  readonly port: number;
  readonly child: Child;
  readonly accountId: string;
  readonly cookie: string;
}

/** Starts a dashboard for an owner of the account, on the cores of the load unless others are named. */
export async function startDashboard(
  bench: Bench,
  url: string,
  accountId: string,
  cpus = bench.cores.load,
): Promise<SignedIn> {
  const cookie = await withDatabase(url, (client) => seedOwner(client, accountId));
  const port = await freePort();
  const dashboard = { port, child: startProduct("dashboard", { bench, port, url, cpus }), accountId, cookie };
  let last = "no answer";
  const isReady = async () => {
    last = await readSecurity(dashboard).then(() => "", String);
    return last === "" || dashboard.child.hasExited();
  };
  const ready = await waitUntil(isReady, { withinMs: 30_000, everyMs: 200 });
  if (ready && last === "") return dashboard;
  throw new BenchError(`the dashboard did not start: ${last}\n${dashboard.child.tail()}`);
}

/**
 * Reads what the Security page shows, as the page itself does, at a dashboard or at the gate in front of it.
 *
 * @returns how many milliseconds later it may be read again
 *
 * @throws BenchError when it is not answered
 */
export async function readSecurity(member: SignedIn, port = member.port): Promise<number> {
  const url = `http://127.0.0.1:${port}/api/security?account=${member.accountId}`;
  const answer = await fetch(url, { headers: { cookie: member.cookie } });
  const text = await answer.text();
  if (!answer.ok) throw new BenchError(`reading the Security page was answered ${answer.status}`);
  return readingOf(text).restMs;
}

/** A Security page that is open at the gate: it listens, and reads anew at the pace of the real one. */
class OpenPage {
  readonly #closed = new AbortController();
  /** Readings that were answered, and those that were not. */
  readings = 0;
  failures = 0;

  /** @throws BenchError when its events cannot be followed */
  static async open(member: SignedIn, port: number): Promise<OpenPage> {
    const page = new OpenPage();
    const { signal } = page.#closed;
    const headers = { cookie: member.cookie };
    const html = await fetch(`http://127.0.0.1:${port}/security`, {
      headers: { ...headers, accept: "text/html" },
    });
    await html.arrayBuffer();
    const events = await fetch(`http://127.0.0.1:${port}/api/live`, { headers, signal });
    if (!html.ok || !events.ok || !events.body) {
      throw new BenchError(`the page was answered ${html.status}, its events ${events.status}`);
    }
    const reading = pace({
      read: () =>
        readSecurity(member, port).then(
          (restMs) => {
            page.readings++;
            return restMs;
          },
          () => {
            page.failures++;
            return null;
          },
        ),
      reached: () => {},
    });
    signal.addEventListener("abort", () => reading.stop());
    void page.#follow(events.body, reading.happened).catch(() => {});
    reading.happened();
    return page;
  }

  async #follow(events: ReadableStream<Uint8Array>, happened: () => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const piece of events) {
      if (/^event: (?:traffic|change)$/m.test(decoder.decode(piece, { stream: true }))) happened();
    }
  }

  close(): void {
    this.#closed.abort();
  }
}

/** What one open page costs whoever measures the gate from outside: speed of the gate, time of the dashboard. */
export async function measurePage(bench: Bench): Promise<Section> {
  const { rounds, run, warmUp, quick } = bench.settings;
  const { url, accountId } = await smallDatabase(bench);
  const member = await startDashboard(bench, url, accountId);
  const env = { GATE_DASHBOARD_URL: `http://127.0.0.1:${member.port}` };
  const gate = await startGate(bench, { url, call: bench.call, env });
  const seconds = quick ? run : 2 * run;
  async function measure() {
    await wrkOne(bench, gate, 1);
    const before = processorMs(member.child.pid);
    const { perSecond } = await wrkOne(bench, gate, seconds);
    return { perSecond, dashboardMs: (processorMs(member.child.pid) - before) / seconds };
  }
  type Run = Awaited<ReturnType<typeof measure>>;
  const runs: { closed: Run; open: Run; readings: number }[] = [];
  await wrkOne(bench, gate, warmUp);
  for (let round = 1; round <= rounds; round++) {
    bench.progress(`round ${round} of ${rounds}`);
    const closed = await measure();
    const page = await OpenPage.open(member, gate.port);
    const open = await measure();
    page.close();
    if (page.failures > 0) throw new BenchError(`${page.failures} readings of the page failed`);
    runs.push({ closed, open, readings: page.readings });
  }
  const speeds = (which: "closed" | "open") => runs.map((each) => each[which].perSecond);
  const dashboardMs = (which: "closed" | "open") => runs.map((each) => each[which].dashboardMs);
  return {
    name: "page",
    title: "As somebody outside measures it: with and without an open Security page",
    figures: [
      { label: "No page open", unit: "requests/s", values: speeds("closed") },
      { label: "One Security page open", unit: "requests/s", values: speeds("open") },
      {
        label: "throughput with a Security page open ÷ without",
        unit: "",
        values: ratios(speeds("open"), speeds("closed")),
        target: { bound: "at least", limit: 0.95 },
      },
      {
        label: "Processor time of the dashboard, no page open",
        unit: "ms a second",
        values: dashboardMs("closed"),
      },
      {
        label: "processor time of the dashboard for an open Security page",
        unit: "ms a second",
        values: dashboardMs("open"),
        target: { bound: "at most", limit: 50 },
      },
      { label: "Readings of the page", unit: "", values: runs.map(({ readings }) => readings) },
    ],
    failures: [],
    notes: `- \`wrk -t1 -c${bench.settings.connections}\` against the gate on one core; dashboard, database, upstream and wrk on the others. A run lasts ${seconds} s.
- No browser draws the page. A signed-in client asks for it through the gate, follows its events and reads its data anew at
  the pace of the real page, by the same code.
`,
  };
}
