import type { Bench } from "./bench";
import { requestOf } from "./call";
import { awaitRightAnswer } from "./load/right-answer";
import { startNginx } from "./peers/nginx-process";
import { upstreamBody } from "./upstream-body";

/**
 * Starts the nginx that all proxies forward to, on the cores of the load.
 *
 * @throws BenchError when nginx is not there or does not start
 */
export async function startUpstream(bench: Bench): Promise<void> {
  const block = `  server {
    listen 127.0.0.1:${bench.upstreamPort} backlog=1024;
    location / { return 200 '${upstreamBody}'; }
  }`;
  const child = startNginx(bench, "upstream", bench.cores.load, block);
  await awaitRightAnswer(child, bench.upstreamPort, requestOf(bench.call), "accepted");
}
