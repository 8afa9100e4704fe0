import { createServer } from "node:http";
import { upstreamBody } from "../call";
import { listenPort } from "./server-environment";

/** node:http that answers itself: what the runtime can do at most. */
createServer((_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": upstreamBody.length });
  response.end(upstreamBody);
}).listen(listenPort, "127.0.0.1");
