import { newClientToken, requestOf } from "../call";
import { smallDatabase } from "../database/small-database";
import { startGate } from "./gate-process";
import type { Peer } from "./peer";

function rejecting(name: string, label: string, env: Record<string, string>): Peer {
  return {
    name,
    label,
    expected: "rejected",
    async start(bench) {
      const gate = await startGate(bench, { name, databaseUrl: await smallDatabase(bench), env });
      // Well formed, so that it costs as much to reject as a good one costs to accept.
      return { ...gate, request: requestOf({ ...bench.call, clientToken: newClientToken() }) };
    },
  };
}

/** Our gate with a wrong Client-Token to reject. */
export const gateRejecting = rejecting("gate-rejecting", "Latchkey gate, rejecting", {});

/** The same with the log as it is by default: one line a rejection. */
export const gateRejectingLogged = rejecting(
  "gate-rejecting-logged",
  "Latchkey gate, rejecting, each logged",
  {
    LOG_LEVEL: "info",
  },
);
