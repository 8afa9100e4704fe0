import { smallDatabase } from "../database/small-database";
import { startGate } from "./gate-process";
import type { Peer } from "./peer";

/** Our gate with an instance token and a Client-Token to check, and an upstream to forward to. */
export const gateAccepting: Peer = {
  name: "gate-accepting",
  label: "Latchkey gate, accepting",
  expected: "accepted",
  start: async (bench) =>
    startGate(bench, { name: "gate-accepting", databaseUrl: await smallDatabase(bench) }),
};
