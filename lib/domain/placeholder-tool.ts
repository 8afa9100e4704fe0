/** Tools for which the catalogue says where a value like this comes from, under `preflight.tool`. */
export const placeholderTools = [
  "n8n",
  "zapier",
  "make",
  "postman",
  "insomnia",
  "shell",
  "javascript",
  "python",
  "php",
  "ruby",
  "go",
  "jvm",
  "dotnet",
  "browser",
  "other",
] as const;

export type PlaceholderTool = (typeof placeholderTools)[number];

const tools: Readonly<Record<string, PlaceholderTool>> = {
  n8n: "n8n",
  Zapier: "zapier",
  Make: "make",
  Postman: "postman",
  Insomnia: "insomnia",
  curl: "shell",
  Wget: "shell",
  HTTPie: "shell",
  axios: "javascript",
  "node-fetch": "javascript",
  got: "javascript",
  "Node.js": "javascript",
  Deno: "javascript",
  Bun: "javascript",
  "python-requests": "python",
  "python-httpx": "python",
  "python-urllib": "python",
  aiohttp: "python",
  Laravel: "php",
  Guzzle: "php",
  Symfony: "php",
  Ruby: "ruby",
  "Go-http-client": "go",
  okhttp: "jvm",
  Java: "jvm",
  "Apache-HttpClient": "jvm",
  RestSharp: "dotnet",
  Chrome: "browser",
  Edge: "browser",
  Firefox: "browser",
  Safari: "browser",
  Opera: "browser",
  "Samsung Internet": "browser",
  Vivaldi: "browser",
  Browser: "browser",
};

/** The tool that a program belongs to. @param agent its short name, as `agentProduct` gives it */
export function placeholderToolOf(agent: string): PlaceholderTool {
  return Object.hasOwn(tools, agent) ? (tools[agent] ?? "other") : "other";
}
