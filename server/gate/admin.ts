import { createServer, type Server } from "node:http";
import { answerJson, answerReadiness, type Readiness } from "../http/answers";
import { listen } from "../http/listen";
import type { MetricFamily } from "./metrics";

/** What the port of the operators tells about all processes of a gate. */
interface AdminParts {
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: () => Promise<readonly (readonly MetricFamily[])[]>;
}

/**
 * Opens the port of the operators, on loopback only: probes, and metrics in the format of Prometheus.
 *
 * @throws StartError when the port cannot be had
 */
export async function startAdmin(port: number, parts: AdminParts): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = async () => {
      switch (request.url?.split("?", 1)[0]) {
        case "/healthz":
          return answerJson(response, 200, { status: "ok" });
        case "/readyz":
          return answerReadiness(response, await parts.readiness());
        case "/metrics": {
          // Loaded here, because the processes that serve share this program and never need it.
          const { AggregatorRegistry } = await import("prom-client");
          const registry = AggregatorRegistry.aggregate([...(await parts.metrics())]);
          const text = await registry.metrics();
          response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" });
          response.end(text);
          return;
        }
        default:
          return answerJson(response, 404, { error: "Not found" });
      }
    };
    answer().catch(() => answerJson(response, 500, { error: "Internal error" }));
  });
  await listen(server, port, "127.0.0.1");
  return server;
}
