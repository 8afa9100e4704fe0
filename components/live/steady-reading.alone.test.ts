import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

const asked = vi.fn<Fetch>();
const page = { headers: { rsc: "1" } };
const lost = vi.fn();
let { steadyReading } = await import("./steady-reading");

/** What answers page requests, one after the other; the last answers all that follow. Presence always answers. */
function answersOf(...answers: (() => Promise<Response>)[]) {
  let next = 0;
  asked.mockImplementation((url) => {
    if (url === "/api/presence") return Promise.resolve(new Response(null, { status: 204 }));
    const answer = answers[Math.min(next++, answers.length - 1)];
    return answer ? answer() : Promise.reject(new TypeError("no answer is prepared"));
  });
}

const ok = async () => new Response("the page", { headers: { "content-type": "text/x-component" } });
const broken = () => Promise.reject(new TypeError("Failed to fetch"));
const starting = async () => new Response("starting", { status: 503 });
const cutOff = async () =>
  new Response(new ReadableStream({ start: (controller) => controller.error(new TypeError("cut off")) }));

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers();
  asked.mockReset();
  lost.mockReset();
  vi.stubGlobal("window", { fetch: asked });
  vi.stubGlobal("fetch", asked);
  ({ steadyReading } = await import("./steady-reading"));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  ["breaks off before it", broken],
  ["breaks off within it", cutOff],
  ["is that of another server", starting],
])("while a page reads itself anew, an answer that %s is asked for again", async (_, failing) => {
  answersOf(failing, failing, ok);
  const end = steadyReading(lost);
  const answer = window.fetch("/security", page);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await (await answer).text()).toBe("the page");
  expect((await answer).headers.get("content-type")).toBe("text/x-component");
  expect(lost).toHaveBeenCalledTimes(2);
  end();
});

test("where an answer came from is kept: the router looks at it", async () => {
  answersOf(async () =>
    Object.defineProperties(await ok(), { url: { value: "http://x/login" }, redirected: { value: true } }),
  );
  const end = steadyReading(lost);
  expect(await window.fetch("/security", page)).toMatchObject({ url: "http://x/login", redirected: true });
  end();
});

test("nothing is asked again for the dashboard that does not answer", async () => {
  asked.mockImplementation(broken);
  const end = steadyReading(lost);
  void window.fetch("/security", page);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.mock.calls.filter(([url]) => url === "/security")).toHaveLength(1);
  end();
});

test.each([
  ["of forms and links", {}, true],
  ["of what is fetched ahead", { headers: { rsc: "1", "next-router-prefetch": "1" } }, true],
  ["of pages that somebody opens", page, false],
])("requests %s fail as ever", async (_, init, reading) => {
  answersOf(broken, ok);
  const end = steadyReading(lost);
  if (!reading) end();
  await expect(window.fetch("/security", init)).rejects.toThrow("Failed to fetch");
  expect(lost).not.toHaveBeenCalled();
  end();
});
