import { existsSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { config } from "@/lib/config";
import { checkout } from "@/server/folders";
import { freePort } from "@/server/http/listen";
import { awaitRightAnswer, type Bench, type Subject, smallDatabase } from "./bench";
import { type LoadRequest, newClientToken, requestOf, upstreamBody } from "./call";
import type { ExpectedAnswer } from "./load/wrk";
import { packageVersion, programVersion, requireTool, type Tool } from "./machine";
import { type Against, BenchError } from "./options";
import type { Child, ProgramSpec } from "./processes";

/** Something that is measured beside the others. */
export interface Peer {
  readonly name: string;
  /** For the table. */
  readonly label: string;
  /** That of what it is made with. */
  readonly version: () => string;
  /** How it is started so that it listens on the port; what it needs is made or looked for then. */
  readonly program: (bench: Bench, port: number) => Started | Promise<Started>;
  readonly expected?: ExpectedAnswer;
  /** What it is asked, where that is not the bench's own call. */
  readonly request?: (bench: Bench) => LoadRequest;
}

type Started = Omit<ProgramSpec, "name" | "cpus">;

/** Every peer, in the order in which a round measures them. */
export function allPeers(against: Against | null): readonly Peer[] {
  return [
    gate("gate-accepting", "Latchkey gate, accepting"),
    gate("gate-rejecting", "Latchkey gate, rejecting", { request: strangersRequest }),
    gate("gate-rejecting-logged", "Latchkey gate, rejecting, each logged", {
      request: strangersRequest,
      env: () => ({ LOG_LEVEL: "info" }),
    }),
    // nginx stands in for the dashboard, so that the gate's part shows and not that of Next.js.
    gate("gate-forwarding", "Latchkey gate, passing on to the dashboard", {
      request: () => ({ path: "/overview", headers: {} }),
      env: (bench) => ({ GATE_DASHBOARD_URL: `http://127.0.0.1:${bench.upstreamPort}` }),
    }),
    ...(against === null ? [] : earlierGates(against)),
    {
      name: "route-handler",
      label: "Latchkey route handler (Next.js)",
      version: () => packageVersion("next"),
      program: async (bench, port) =>
        product("dashboard", { bench, port, url: (await smallDatabase(bench)).url }),
    },
    onNode("node-http", "bare node:http answering itself", () => process.versions.node),
    onNode("undici", "bare undici proxy", () => packageVersion("undici")),
    onNode("fastify", "@fastify/http-proxy", () => packageVersion("@fastify/http-proxy", ownFolder)),
    onNode("express", "express + http-proxy-middleware", () =>
      packageVersion("http-proxy-middleware", ownFolder),
    ),
    fromDebian("caddy", "Caddy, reverse_proxy with a header matcher", "version", {
      file: "Caddyfile",
      args: (file) => ["run", "--config", file, "--adapter", "caddyfile"],
      configuration: (port, upstream, token) => `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  @token header Client-Token ${token}
  handle @token {
    reverse_proxy 127.0.0.1:${upstream} {
      header_up -Client-Token
    }
  }
  handle {
    respond \`{"error":"Client-Token not allowed"}\` 403
  }
}
`,
    }),
    fromDebian("nginx", "nginx, proxy_pass with a header map", "-v", {
      file: "nginx-peer.conf",
      args: nginxArguments,
      configuration: (port, upstream, token) =>
        nginxConfiguration(
          "peer",
          `map_hash_bucket_size 128;
  map $http_client_token $allowed { default 0; "${token}" 1; }
  upstream api { server 127.0.0.1:${upstream}; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      if ($allowed = 0) { return 403 '{"error":"Client-Token not allowed"}'; }
      proxy_pass http://api;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Client-Token "";
    }
  }`,
        ),
    }),
    fromDebian("haproxy", "HAProxy, one header compared", "-v", {
      file: "haproxy.cfg",
      args: (file) => ["-db", "-f", file],
      configuration: (port, upstream, token) =>
        haproxyConfiguration(
          port,
          `  http-request deny deny_status 403 unless { req.hdr(client-token) -m str ${token} }
  http-request del-header client-token`,
          `  server upstream 127.0.0.1:${upstream}`,
        ),
    }),
  ];
}

/**
 * The peer of that name.
 *
 * @throws BenchError that names those there are
 */
export function peerNamed(name: string, against: Against | null = null): Peer {
  const peers = allPeers(against);
  const peer = peers.find((each) => each.name === name);
  if (peer) return peer;
  throw new BenchError(`there is no peer "${name}"; there are: ${peers.map((each) => each.name).join(", ")}`);
}

/** Starts a peer on the server's core and waits until it answers rightly. */
export async function startPeer(bench: Bench, peer: Peer): Promise<Subject> {
  const port = await freePort();
  const spec = { name: peer.name, cpus: bench.cores.server, ...(await peer.program(bench, port)) };
  const subject = {
    child: bench.children.start(spec),
    port,
    request: peer.request?.(bench) ?? requestOf(bench.call),
    expected: peer.expected ?? "accepted",
  };
  await awaitRightAnswer(subject);
  return subject;
}

/** Well formed but unknown, so that it costs as much to reject as a good one costs to accept. */
const strangersRequest = (bench: Bench) => requestOf({ ...bench.call, clientToken: newClientToken() });

interface Own {
  readonly request?: (bench: Bench) => LoadRequest;
  readonly env?: (bench: Bench) => Readonly<Record<string, string>>;
  readonly against?: Against;
}

/** A gate of this checkout, or of another one, on the small database. */
function gate(name: string, label: string, { request, env = () => ({}), against }: Own = {}): Peer {
  const node =
    against && against.node !== process.execPath ? `, Node ${programVersion(against.node, "-v")}` : "";
  return {
    name,
    label,
    version: () => `undici ${packageVersion("undici", against?.folder)}${node}`,
    expected: request === strangersRequest ? "rejected" : "accepted",
    ...(request && { request }),
    program: async (bench, port) => {
      const { url } = await smallDatabase(bench);
      return product("gate", { bench, port, url, env: env(bench), ...(against && { against }) });
    },
  };
}

function earlierGates({ folder, node }: Against): Peer[] {
  const against = { folder: resolve(folder), node: resolve(node) };
  const label = `${basename(against.folder)}'s gate`;
  return [
    gate("against-accepting", `${label}, accepting`, { against }),
    gate("against-rejecting", `${label}, rejecting`, { request: strangersRequest, against }),
  ];
}

/** How one of the product's own processes is to run. */
interface ProductOptions {
  readonly bench: Bench;
  readonly port: number;
  /** Of the database. */
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly against?: Against;
  /** Where it runs, when not where its kind does. */
  readonly cpus?: string | null;
}

/**
 * One of the product's own processes: one worker, and no access log, as with every other peer.
 *
 * @throws BenchError when it is not built
 */
function product(name: "gate" | "dashboard", { bench, port, url, env, against }: ProductOptions): Started {
  const file = join(against?.folder ?? checkout, "dist", `${name}.js`);
  if (!existsSync(file)) throw new BenchError(`${file} is not built.`);
  const profiling = bench.profile === null ? [] : ["--cpu-prof", `--cpu-prof-dir=${bench.profile}`];
  return {
    command: against?.node ?? process.execPath,
    args: [...profiling, file],
    env: {
      PORT: String(port),
      HOST: "127.0.0.1",
      DATABASE_URL: url,
      LATCHKEY_SECRET: config().secrets()[0] ?? "",
      ALLOW_PRIVATE_UPSTREAMS: "true",
      LOG_LEVEL: "warn",
      GATE_WORKERS: "1",
      GATE_DRAIN_SECONDS: "1",
      ...env,
    },
  };
}

/** Starts a gate on the server's core, or a dashboard on those of the load; it is not ready yet. */
export function startProduct(name: "gate" | "dashboard", options: ProductOptions): Child {
  const { bench, port } = options;
  const { cpus = name === "gate" ? bench.cores.server : bench.cores.load } = options;
  return bench.children.start({ name: `${name}-${port}`, cpus, ...product(name, options) });
}

/** Where the peers on Node.js and their packages are. */
const ownFolder = join(checkout, "bench");

/** A server of servers.mjs. */
function onNode(name: string, label: string, version: () => string): Peer {
  return {
    name,
    label,
    version,
    program: ({ upstreamPort }, port) => ({
      command: process.execPath,
      args: [join(ownFolder, "servers.mjs"), name],
      env: { PORT: String(port), UPSTREAM_PORT: String(upstreamPort), BODY: upstreamBody },
    }),
  };
}

interface Configured {
  /** Name of the configuration's file. */
  readonly file: string;
  readonly args: (file: string) => readonly string[];
  readonly configuration: (port: number, upstreamPort: number, clientToken: string) => string;
}

/** A proxy of Debian as a gate: one token for all, compared as it is. */
function fromDebian(
  tool: Tool,
  label: string,
  flag: string,
  { file, args, configuration }: Configured,
): Peer {
  return {
    name: tool,
    label,
    version: () => programVersion(requireTool(tool), flag),
    program: (bench, port) => {
      const path = join(bench.folder, file);
      writeFileSync(path, configuration(port, bench.upstreamPort, bench.call.clientToken));
      const env = { HOME: bench.folder, XDG_DATA_HOME: bench.folder, XDG_CONFIG_HOME: bench.folder };
      return { command: requireTool(tool), args: args(path), env };
    },
  };
}

/** HAProxy with one thread that passes requests on to the servers. */
export function haproxyConfiguration(port: number, rules: string, servers: string): string {
  return `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend gate
  bind 127.0.0.1:${port}
${rules}
  default_backend api
backend api
${servers}
`;
}

const nginxArguments = (file: string) => ["-p", join(file, ".."), "-e", "stderr", "-c", file];

/** nginx with one worker; a connection is not closed after the default of 1,000 requests, as with no other peer. */
function nginxConfiguration(name: string, block: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${name}-${kind};`)
    .join(" ");
  return `daemon off;
worker_processes 1;
pid ${name}.pid;
error_log stderr error;
${process.getuid?.() === 0 ? "user root root;" : ""}
events { worker_connections 1024; }
http {
  ${temporary}
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  ${block}
}
`;
}

/**
 * Starts the nginx that all proxies forward to, on the cores of the load.
 *
 * @throws BenchError when nginx is not there or does not start
 */
export async function startUpstream(bench: Bench): Promise<void> {
  const file = join(bench.folder, "upstream.conf");
  const block = `server {
    listen 127.0.0.1:${bench.upstreamPort} backlog=1024;
    location / { return 200 '${upstreamBody}'; }
  }`;
  writeFileSync(file, nginxConfiguration("upstream", block));
  const spec = { command: requireTool("nginx"), args: nginxArguments(file), cpus: bench.cores.load };
  const child = bench.children.start({ name: "upstream", ...spec });
  const port = bench.upstreamPort;
  await awaitRightAnswer({ child, port, request: requestOf(bench.call), expected: "accepted" });
}
