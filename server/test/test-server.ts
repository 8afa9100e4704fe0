import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../checkout";
import { supervise } from "../supervise/child";
import { resultsFolder } from "./suites";

/** A production server that tests call. */
export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a built program on a free port; its log goes to test-results/. */
export async function startTestServer(
  program: "dashboard" | "gate",
  name: string,
  env: Record<string, string>,
): Promise<TestServer> {
  mkdirSync(resultsFolder, { recursive: true });
  const log = openSync(join(resultsFolder, `${name}-${program}.log`), "w");
  const child = supervise({
    name: `${name} ${program}`,
    script: join(checkout, "dist", `${program}.js`),
    env: { ...env, NODE_ENV: "production" },
    output: log,
  });
  const stop = async () => {
    await child.stop("at once");
    closeSync(log);
  };
  try {
    return { url: `http://127.0.0.1:${await child.listening}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
