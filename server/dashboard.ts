import "./output.js";
import { createServer, Server } from "node:http";
import next from "next";
import { closeAccountEvents } from "@/lib/db/account-events";
import { compileAddressList } from "@/lib/domain/address-list";
import { closeProcessObserver } from "@/lib/gate/observe/process-observer";
import { startCourier } from "@/lib/mail/courier";
import { checkBreachedPasswords } from "./breached-passwords";
import { checkout } from "./checkout";
import { watchClock } from "./dashboard/clock";
import { drain } from "./dashboard/drain";
import { dashboardHandler } from "./dashboard/handler";
import { ReadinessCheck } from "./dashboard/readiness";
import { tellError } from "./dashboard/unreached-action";
import { listen } from "./listen";
import { loadConfig } from "./load-env";
import { mostHeadBytes, readWholeHeads } from "./request-head";
import { StartError } from "./start-error";
import { report } from "./supervise/report";
import { tell, tellFailure } from "./terminal";

const headersTimeoutMs = 60_000;

/** Longer than the idle time of common load balancers, so that they close first. */
const keepAliveTimeoutMs = 75_000;

const drainMs = 10_000;

async function main(): Promise<void> {
  const config = loadConfig();
  await checkBreachedPasswords(config);
  const { databaseUrl } = config;
  if (!databaseUrl) throw new StartError("set DATABASE_URL, or use npm start, which brings a database.");
  // A missing secret is named now, not at the first request.
  void config.secret;

  const app = next({
    dev: false,
    dir: checkout,
    hostname: config.host,
    port: config.port,
    // Upgrades are not served, so Next.js must not listen for them on the real server.
    httpServer: new Server(),
  });
  await app.prepare();

  let stopping = false;
  const readiness = new ReadinessCheck(databaseUrl);
  const handle = dashboardHandler({
    next: app.getRequestHandler(),
    readiness: async () => (stopping ? "stopping" : readiness.check()),
    trustedProxies: compileAddressList(config.trustedProxies),
    places: config,
    onError: tellError,
  });
  const server = createServer(
    {
      maxHeaderSize: mostHeadBytes,
      headersTimeout: headersTimeoutMs,
      // A long upload is not an attack: its sender is known by then.
      requestTimeout: 0,
      keepAliveTimeout: keepAliveTimeoutMs,
      // Checked with everything else that makes a request unfit.
      requireHostHeader: false,
    },
    (request, response) => {
      if (stopping) response.setHeader("connection", "close");
      handle(request, response);
    },
  );

  // Without a listener, node:http would answer in its own words.
  server.on("checkExpectation", handle);
  readWholeHeads(server);

  const courier = startCourier();
  watchClock();
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // Open pages are told so, and come back to the next process.
    await closeAccountEvents();
    await Promise.all([drain(server, drainMs), courier?.close()]);
    await closeProcessObserver();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop());
  // The parent is gone, kill -9 included: nobody would ever stop this process.
  process.on("disconnect", () => void stop());

  const port = await listen(server, config.port, config.host);
  report({ kind: "listening", port });
  if (!process.send) tell(`the dashboard listens on http://${config.host}:${port}`);
}

try {
  await main();
} catch (error) {
  if (error instanceof StartError) report({ kind: "failed", message: error.message });
  if (!process.send) tellFailure(error);
  else if (!(error instanceof StartError)) tellFailure(error);
  // Not process.exit: the report must leave first.
  process.exitCode = 1;
  process.disconnect?.();
}
