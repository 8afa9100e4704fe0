import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { awaitRightAnswer, type Call, requestOf, upstreamBody } from "./call";
import { type Databases, seedAccount, seedCall, withDatabase } from "./database";
import { type Cores, requireTool } from "./machine";
import type { Settings } from "./options";
import type { Child, Children } from "./processes";

/** What every measurement works with. */
export interface Bench {
  readonly settings: Settings;
  readonly cores: Cores;
  /** Vanishes at the end. */
  readonly folder: string;
  readonly children: Children;
  /** The nginx that all proxies forward to. */
  readonly upstreamPort: number;
  /** The request that all peers get; an instance of the small database accepts it. */
  readonly call: Call;
  readonly databases: Databases;
  /** Folder for CPU profiles of the gate; null means none are taken. */
  readonly profile: string | null;
  /** Tells the person at the terminal how far it is. */
  readonly progress: (line: string) => void;
}

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

// A reused connection must not be closed after the default of 1,000 requests: that is no difference we ask about.
const http = `
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;`;

/** Runs nginx with one worker and the given contents of its http block, all files in the bench's folder. */
export function startNginx(bench: Bench, name: string, cpus: string | null, block: string): Child {
  const folder = join(bench.folder, name);
  const file = `${folder}.conf`;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}-${kind};`)
    .join(" ");
  writeFileSync(
    file,
    `daemon off;
worker_processes 1;
pid ${folder}.pid;
error_log stderr error;
${process.getuid?.() === 0 ? "user root root;" : ""}
events { worker_connections 1024; }
http {
  ${temporary}${http}
${block}
}
`,
  );
  const args = ["-p", bench.folder, "-e", "stderr", "-c", file];
  return bench.children.start({ name, command: requireTool("nginx"), args, cpus });
}

const made = new WeakMap<Bench, Promise<string>>();

async function make(bench: Bench): Promise<string> {
  const url = await bench.databases.create();
  await withDatabase(url, async (client) => {
    const account = await seedAccount(client, bench.call.clientToken);
    await seedCall(client, account, bench.call, `http://127.0.0.1:${bench.upstreamPort}`);
  });
  return url;
}

/** The database with one instance, which accepts `bench.call`; made on first use. */
export function smallDatabase(bench: Bench): Promise<string> {
  const url = made.get(bench) ?? make(bench);
  made.set(bench, url);
  return url;
}
