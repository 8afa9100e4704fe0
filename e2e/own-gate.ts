import { waitUntil } from "@/server/processes";
import { launch } from "../test/support/launched";

/** A second gate on the database of the journeys, which trusts no proxy: it sees each caller's own address. */
export interface OwnGate {
  /** An instance's base URL as the page shows it, at this gate. */
  at(baseUrl: string): string;
  /** Ends it as an operator does, so that it leaves the list of gates. */
  stop(): Promise<void>;
}

/** Starts a gate of our own beside the one in front of the page. */
export async function startOwnGate(): Promise<OwnGate> {
  const { DATABASE_URL = "", LATCHKEY_SECRET = "" } = process.env;
  const gate = launch("gate.js", { DATABASE_URL, LATCHKEY_SECRET, TRUSTED_PROXIES: "" });
  const [, origin = ""] = await gate.prints(/the gate listens on (\S+)\n/);
  const ready = async () => (await fetch(`${origin}/readyz`).catch(() => null))?.status === 200;
  if (!(await waitUntil(ready, { withinMs: 30_000 }))) throw new Error(`not ready: ${gate.output()}`);
  return {
    at: (baseUrl) => origin + new URL(baseUrl).pathname,
    async stop() {
      gate.child.kill("SIGTERM");
      await gate.ends();
    },
  };
}
