import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followEvents } from "./follow-events";

/** A stream that does what a test tells it to. */
class FakeSource extends EventTarget {
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 0;
  constructor() {
    super();
    FakeSource.made.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  tell(event: string) {
    if (event === "open") this.readyState = FakeSource.OPEN;
    this.dispatchEvent(new Event(event));
  }
}

const happened = vi.fn();
const live = vi.fn();
const back = vi.fn();
let browser: EventTarget;
let stop: () => void;

const newest = () => FakeSource.made.at(-1);
const isLive = () => live.mock.lastCall?.[0];

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.made = [];
  for (const each of [happened, live, back]) each.mockReset();
  browser = new EventTarget();
  vi.stubGlobal("EventSource", FakeSource);
  vi.stubGlobal("window", browser);
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  ({ stop } = followEvents({ happened, back, live }));
  newest()?.tell("open");
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a connection that the server keeps alive stays, and is live", async () => {
  for (let n = 0; n < 20; n++) {
    await vi.advanceTimersByTimeAsync(15_000);
    newest()?.tell("beat");
  }
  expect(FakeSource.made).toHaveLength(1);
  expect(isLive()).toBe(true);
  expect(happened, "a beat is no event").toHaveBeenCalledTimes(1);
});

test("one that says nothing for longer than two beats is not live, and is opened anew", async () => {
  await vi.advanceTimersByTimeAsync(30_000);
  expect(isLive()).toBe(true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(FakeSource.made).toHaveLength(2);
  expect(isLive()).toBe(false);
  newest()?.tell("open");
  expect(isLive()).toBe(true);
});

test.each(["offline", "online"])("when the browser goes %s, the connection has to prove itself", (event) => {
  browser.dispatchEvent(new Event(event));
  expect(isLive()).toBe(false);
  expect(FakeSource.made[0]?.readyState).toBe(FakeSource.CLOSED);
  newest()?.tell("open");
  expect(isLive()).toBe(true);
});

test("without a connection it looks every few seconds, and once ended never again", async () => {
  newest()?.close();
  newest()?.tell("error");
  happened.mockReset();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(happened).toHaveBeenCalledTimes(2);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(happened).toHaveBeenCalledTimes(2);
});
