import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench";
import { requireTool } from "../machine/tools";
import type { Child } from "../process/children";

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
