import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Dispatcher, Pool } from "undici";
import { listenPort, upstreamPort } from "./server-environment";

const pool = new Pool(`http://127.0.0.1:${upstreamPort()}`, { connections: 64, pipelining: 1 });

function answer(response: ServerResponse): Dispatcher.DispatchHandler {
  return {
    onRequestStart() {},
    onResponseStart(_controller, status, headers) {
      const { connection: _, "keep-alive": __, ...rest } = headers;
      response.writeHead(status, rest);
    },
    onResponseData(controller, chunk) {
      if (response.write(chunk)) return;
      controller.pause();
      response.once("drain", () => controller.resume());
    },
    onResponseEnd() {
      response.end();
    },
    onResponseError() {
      response.destroy();
    },
  };
}

function forward(request: IncomingMessage, response: ServerResponse): void {
  const hasBody = "content-length" in request.headers || "transfer-encoding" in request.headers;
  pool.dispatch(
    {
      path: request.url ?? "/",
      method: request.method ?? "GET",
      headers: request.headers,
      body: hasBody ? request : null,
    },
    answer(response),
  );
}

/** The least a streaming proxy on Node.js can do: node:http in, undici out, no checks. */
createServer(forward).listen(listenPort, "127.0.0.1");
