import { freePort } from "@/server/http/listen";
import { awaitRightAnswer, type Bench, type Subject } from "../bench";
import { type Call, requestOf } from "../call";
import { LoadConnection, percentile } from "../load/open-loop";
import { BenchError } from "../options";
import { startProduct } from "../peers";

/** What a gate's metrics tell of its policies. */
interface Policies {
  /** In memory, of all workers together. */
  readonly held: number;
  /** Looked up in the database since the start. */
  readonly misses: number;
}

/** A gate that was started for a measurement. */
export interface MeasuredGate extends Subject {
  readonly adminPort: number;
  /** Milliseconds on the clock of `performance.now()`: just before its process was started. */
  readonly startedAt: number;
  policies(): Promise<Policies>;
}

interface GateOptions {
  readonly url: string;
  /** It answers when it accepts this. */
  readonly call: Call;
  readonly port?: number;
  readonly adminPort?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const figureIn = (text: string, name: string) =>
  Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`latchkey_gate_${name} `))
      ?.split(" ")[1] ?? 0,
  );

/** Starts a gate on the server's core and waits until it accepts the call. */
export async function startGate(bench: Bench, { url, call, ...options }: GateOptions): Promise<MeasuredGate> {
  const port = options.port ?? (await freePort());
  const adminPort = options.adminPort ?? (await freePort());
  const env = { ADMIN_PORT: String(adminPort), ...options.env };
  const startedAt = performance.now();
  const child = startProduct("gate", { bench, port, url, env });
  const gate: MeasuredGate = {
    child,
    port,
    adminPort,
    startedAt,
    request: requestOf(call),
    expected: "accepted",
    policies: async () => {
      const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
      return {
        held: figureIn(text, "policies_held"),
        misses: figureIn(text, 'policy_lookups_total{result="miss"}'),
      };
    },
  };
  await awaitRightAnswer(gate, 10);
  return gate;
}

/** @throws BenchError when answers were wrong */
export function refuseWrong(wrong: number): void {
  if (wrong > 0) throw new BenchError(`${wrong} answers were wrong or missing`);
}

/** Sends each request once, on 32 connections; all have to be accepted. */
export async function sendEach(port: number, requests: readonly string[]) {
  const times: number[] = [];
  let [next, wrong] = [0, 0];
  const start = performance.now();
  const onOneConnection = async () => {
    const connection = await LoadConnection.open(port);
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const sent = performance.now();
      if ((await connection.ask(request)) !== 200) wrong++;
      times.push(performance.now() - sent);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: 32 }, onOneConnection));
  refuseWrong(wrong);
  return { perSecond: (times.length / (performance.now() - start)) * 1000, p99: percentile(times, 0.99) };
}
