import { smallDatabase } from "../database/small-database";
import { startGate } from "./gate-process";
import type { Peer } from "./peer";

/**
 * Our gate passing on what is meant for the dashboard. nginx stands in for the dashboard, so that the gate's
 * part shows and not that of Next.js.
 */
export const gateForwarding: Peer = {
  name: "gate-forwarding",
  label: "Latchkey gate, passing on to the dashboard",
  expected: "accepted",
  async start(bench) {
    const env = { GATE_DASHBOARD_URL: `http://127.0.0.1:${bench.upstreamPort}` };
    const databaseUrl = await smallDatabase(bench);
    const gate = await startGate(bench, { name: "gate-forwarding", databaseUrl, env });
    return { ...gate, request: { path: "/overview", headers: {} } };
  },
};
