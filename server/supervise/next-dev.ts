import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { checkout } from "../checkout";
import { StartError } from "../start-error";
import { waitUntil } from "../wait";
import type { SupervisedChild } from "./child";

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** Runs `next dev`, which watches the sources and restarts itself. */
export function superviseNextDev(
  port: number,
  host: string,
  env: Readonly<Record<string, string>>,
): SupervisedChild {
  const next = join(checkout, "node_modules/next/dist/bin/next");
  const flags = ["dev", "--port", String(port), "--hostname", host];
  const child = spawn(process.execPath, ["--max-http-header-size=65536", next, ...flags], {
    cwd: checkout,
    env: { ...process.env, ...env, NODE_ENV: "development", NEXT_TELEMETRY_DISABLED: "1" },
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  let over = false;
  const ended = once(child, "exit").then(() => {
    over = true;
  });
  const signal = (name: NodeJS.Signals) => {
    // The whole group: `next dev` runs its server in a process of its own.
    if (!over && child.pid !== undefined) process.kill(-child.pid, name);
  };
  const listening = waitUntil(async () => over || (await answers(port, host)), {
    withinMs: 60_000,
    everyMs: 100,
  }).then(() => {
    if (over) throw new StartError("next dev ended; the lines above say why.");
    return port;
  });
  listening.catch(() => {});
  return {
    listening,
    async stop(how) {
      signal(how === "politely" ? "SIGTERM" : "SIGKILL");
      const timer = setTimeout(() => signal("SIGKILL"), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}
