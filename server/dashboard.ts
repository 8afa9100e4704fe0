import "./output.js";
import { readFileSync } from "node:fs";
import { Server } from "node:http";
import { join } from "node:path";
import next from "next";
import { keyFor } from "@/lib/crypto/keys";
import { closeAccountEvents } from "@/lib/db/account-events";
import { readPooledClock } from "@/lib/db/listener";
import { compileAddressList } from "@/lib/domain/address-list";
import { readHostDirectory } from "@/lib/gate/configured-gate";
import { ClockWatch } from "@/lib/gate/log";
import { closeProcessStatistics } from "@/lib/gate/observe/statistics-writer";
import { createLog } from "@/lib/log/logger";
import { startCourier } from "@/lib/mail/courier";
import { startKeeper } from "@/lib/services/keeper";
import { offerServerStatus } from "@/lib/services/server-status";
import { dashboardHandler, ReadinessCheck } from "./dashboard/handler";
import { logError } from "./dashboard/malformed-action";
import { examine } from "./doctor/examine";
import { openEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { checkout } from "./folders";
import { drain, listen } from "./http/listen";
import { createStrictServer } from "./http/request-head";
import { SeenPeers } from "./http/seen-peers";
import { followKeys, loadKeysAtStart } from "./secret/keyring";
import { checkBreachedPasswords, loadServerConfig } from "./settings";
import { endFailed, report } from "./supervise";
import { printReady } from "./terminal";

const headersTimeoutMs = 60_000;

/** Longer than the idle time of common load balancers, so that they close first. */
const keepAliveTimeoutMs = 75_000;

const drainMs = 10_000;

const clockEveryMs = 60_000;

/** Compares this machine's clock with the database's at once and then every minute, until the process ends. */
function watchClock(): void {
  const watch = new ClockWatch(createLog("dashboard"));
  const compare = () => {
    // A database that is away is told by whoever needs it.
    readPooledClock().then(
      (reading) => watch.compared(reading),
      () => {},
    );
  };
  setInterval(compare, clockEveryMs).unref();
  compare();
}

/**
 * Gives Next.js the configuration that the pages were built with, as the server of its own standalone output does.
 * Read from next.config.ts again, it would take a compiler, which an image does not have.
 */
function takeBuiltConfiguration(): void {
  const built = JSON.parse(readFileSync(join(checkout, ".next", "required-server-files.json"), "utf8"));
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(built.config);
}

/**
 * Has Next.js seal by a key of this installation what pages hand to their server functions. Its own comes with the build,
 * so whoever has the same release knows it.
 */
function giveActionKey(): void {
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = keyFor("action-arguments").toString("base64");
}

async function main(): Promise<void> {
  const config = loadServerConfig();
  await checkBreachedPasswords(config);
  await loadKeysAtStart();
  takeBuiltConfiguration();
  giveActionKey();
  const app = next({
    dev: false,
    dir: checkout,
    hostname: config.host,
    port: config.port,
    // Upgrades are not served, so Next.js must not listen for them on the real server.
    httpServer: new Server(),
  });
  await app.prepare();

  offerServerStatus(() => examine({ openDatabase: openEmbeddedPostgres }));

  let stopping = false;
  const readiness = new ReadinessCheck(config.databaseUrl);
  const trusted = compileAddressList(config.trustedProxies);
  const seen = new SeenPeers(trusted);
  const handle = dashboardHandler({
    next: app.getRequestHandler(),
    readiness: async () => (stopping ? "stopping" : readiness.check()),
    isInstanceHost: async (host) => (await readHostDirectory(host)).owns(host),
    trustedProxies: trusted,
    places: config,
    seen,
    onError: logError,
  });
  const server = createStrictServer(
    { headersTimeout: headersTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs },
    (request, response) => {
      if (stopping) response.setHeader("connection", "close");
      handle(request, response);
    },
  );

  const keyLog = createLog("dashboard");
  const keys = followKeys((error) => keyLog.error({ err: error }, "the keys could not be read again"));
  const courier = startCourier();
  const keeper = startKeeper();
  watchClock();
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // Open pages are told so, and come back to the next process.
    await closeAccountEvents();
    await Promise.all([drain(server, drainMs), courier?.close(), keeper.close(), keys.close()]);
    await Promise.all([closeProcessStatistics(), seen.close()]);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop());
  // The parent is gone, kill -9 included: nobody would ever stop this process.
  process.on("disconnect", () => void stop());

  const port = await listen(server, config.port, config.host);
  report({ kind: "listening", port });
  if (!process.send) printReady(`http://${config.host}:${port}`);
}

try {
  await main();
} catch (error) {
  endFailed(error);
}
