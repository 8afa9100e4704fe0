import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveInstance, liveDoors, openLiveInstance } from "./live-world";

describe.each(liveDoors)("a client that follows redirects, through %s", (_name, door) => {
  let instance: LiveInstance;

  beforeAll(async () => {
    instance = await openLiveInstance(door);
  });

  afterAll(() => instance.close());

  test.each([
    ["to the upstream's own address", (host: string) => `http://${host}/items/?a=b`],
    ["to the same without a scheme", (host: string) => `//${host}/items/?a=b`],
    ["to a path", () => "/items/?a=b"],
    ["up from the instance", () => "../../../../../../items/?a=b"],
  ])("%s stays with the gate, and the upstream never sees its token", async (_where, location) => {
    const seen: (string | undefined)[] = [];
    instance.behave((request, response) => {
      seen.push(`${request.method} ${request.url}`, request.headers["client-token"]?.toString());
      if (request.url?.startsWith("/items/")) response.end("here");
      else response.writeHead(307, { location: location(request.headers.host ?? "") }).end();
    });
    const headers = { "Client-Token": "a secret", Referer: `${instance.url}/a` };
    const answer = await fetch(`${instance.url}/items`, { method: "POST", body: "x", headers });
    expect(answer.url).toBe(`${instance.url}/items/?a=b`);
    expect(await answer.text()).toBe("here");
    expect(seen).toEqual(["POST /items", undefined, "POST /items/?a=b", undefined]);
  });
});
