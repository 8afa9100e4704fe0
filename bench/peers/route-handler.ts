import { freePort } from "@/server/free-port";
import { smallDatabase } from "../database/small-database";
import { packageVersion } from "../machine/versions";
import type { Peer } from "./peer";
import { productEnvironment, productProgram } from "./product-program";

/** The same decision in a Next.js route handler, without a gate in front. */
export const routeHandler: Peer = {
  name: "route-handler",
  label: "Latchkey route handler (Next.js)",
  expected: "accepted",
  async start(bench) {
    const databaseUrl = await smallDatabase(bench);
    const port = await freePort();
    const child = bench.children.start({
      name: "route-handler",
      command: process.execPath,
      args: [productProgram("dashboard")],
      env: productEnvironment(port, databaseUrl),
      cpus: bench.cores.server,
    });
    return { port, child, version: packageVersion("next") };
  },
};
