import type { ConformanceCase } from "./case";
import type { InstanceName } from "./world";

function echoes(
  name: string,
  instance: InstanceName,
  rest: Partial<ConformanceCase>,
  json: Record<string, unknown>,
): ConformanceCase {
  return {
    name,
    instance,
    target: "{base}/a%2Fb/?x=%20",
    ...rest,
    expect: { status: 200, json, forwarded: null },
  };
}

/** The built-in echo, which shows what an upstream would get of the caller. */
export const echoCases: readonly ConformanceCase[] = [
  echoes(
    "the echo tells path, query and method",
    "open echo",
    { method: "PUT" },
    {
      instanceId: "{id}",
      method: "PUT",
      path: "/a%2Fb/",
      query: "x=%20",
      bodyBytes: 0,
    },
  ),
  echoes(
    "the echo counts the body",
    "open echo",
    {
      method: "POST",
      headers: [["Content-Length", "5"]],
      body: "\x00\xff12\n",
    },
    { bodyBytes: 5 },
  ),
  echoes(
    "the echo hides the token",
    "closed echo",
    {
      headers: [
        ["Client-Token", "{current}"],
        ["X-Seen", "1"],
      ],
    },
    {
      "headers.client-token": undefined,
      "headers.x-seen": "1",
    },
  ),
  echoes(
    "the echo shows no stored header",
    "open echo",
    { headers: [["ApiKey", "mine"]] },
    { "headers.apikey": "mine", "headers.client-token": undefined, "headers.x-tenant": undefined },
  ),
  {
    name: "the echo is behind the same lock",
    instance: "closed echo",
    target: "{base}/v1",
    expect: { status: 403, error: "null not allowed", reason: "missing", forwarded: null },
  },
];
