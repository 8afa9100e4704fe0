import { createServer } from "node:http";

// Answers whatever the gateways answer to their health checks, and tells what it was asked, as long as the key is right.
const key = process.env.AUTHENTICATION_API_KEY ?? process.env.WAHA_API_KEY;
const port = process.env.WAHA_API_KEY ? 3000 : 8080;

createServer((request, response) => {
  const { method, url, headers } = request;
  const isOpen = url === "/" || url === "/ping";
  const presented = headers.apikey ?? headers["x-api-key"];
  response.writeHead(isOpen || presented === key ? 200 : 401, { "content-type": "application/json" });
  response.end(JSON.stringify({ method, url, headers: Object.keys(headers) }));
}).listen(port);

process.on("SIGTERM", () => process.exit(0));
