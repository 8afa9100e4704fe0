import { createFormatter, createTranslator } from "next-intl";
import { describe, expect, it, test } from "vitest";
import { rhythmWords } from "@/components/preflight/rhythm-words";
import { type Expectation, expectationOf, type HeardHours, rhythmOf } from "@/lib/domain/rhythm";
import preflight from "@/lib/i18n/messages/en/preflight.json";

const hour = 3_600_000;
const day = 24 * hour;
/** A Monday. */
const monday = Date.parse("2026-11-02T00:00:00Z");

function wordsOf(expected: { expectation: Expectation | null; lastSeenAt: Date }, timeZone = "UTC") {
  const onError = (error: Error) => {
    throw error;
  };
  const t = createTranslator({
    locale: "en",
    messages: { preflight },
    namespace: "preflight.rhythm",
    onError,
  });
  const format = createFormatter({ locale: "en-GB", timeZone, onError });
  return rhythmWords({ t, format, timeZone }, expected).join(" · ");
}

/** Hours in which one calls for some days every so often from a moment on, and what is said a while after its last. */
function said(
  every: number,
  from: number,
  days: number,
  silence: number,
  more: { requests?: number; only?: readonly number[]; zone?: string } = {},
) {
  const { requests = 1, only = [0, 1, 2, 3, 4, 5, 6], zone } = more;
  const calls: number[] = [];
  for (let at = from; at < from + days * day; at += every) {
    if (only.includes(Math.floor((at - monday) / day) % 7)) calls.push(at);
  }
  const heard: HeardHours = {
    hours: calls.map((at) => at - (at % hour)),
    requests: calls.map(() => requests),
  };
  const lastSeenAt = new Date(calls.at(-1) ?? 0);
  const expectation = expectationOf(rhythmOf(heard), lastSeenAt, new Date(lastSeenAt.getTime() + silence));
  return wordsOf({ expectation, lastSeenAt }, zone);
}

const at = (hours: number) => monday + hours * hour;
const minute = hour / 60;

describe("what preflight says of a rhythm", () => {
  test.each([
    ["calls every few seconds · expected by 00:01", said(hour, at(0), 15 + 1 / 24, 5000, { requests: 720 })],
    ["calls about every 5 minutes · expected by 23:07", said(hour, at(0), 15, minute, { requests: 12 })],
    ["calls about every 5 minutes · was expected by 23:07", said(hour, at(0), 15, hour, { requests: 12 })],
    [
      "calls about every 5 minutes · missed its last 47: probably gone",
      said(hour, at(0), 15, 4 * hour, { requests: 12 }),
    ],
    ["calls about every hour · expected by 00:30", said(hour, at(0), 15, 10 * minute)],
    ["calls about every 6 hours · expected by 03:00", said(6 * hour, at(0), 15, hour)],
    ["calls nightly about 03:00 · expected tomorrow", said(day, at(3), 15, 10 * hour)],
    ["calls nightly about 03:00 · expected by 05:00", said(day, at(3), 15, 20 * hour)],
    ["calls nightly about 03:00 · missed its last turn · expected tomorrow", said(day, at(3), 15, 30 * hour)],
    [
      "calls nightly about 03:00 · missed its last three: probably gone",
      said(day, at(3), 15, 3 * day + 9 * hour),
    ],
    ["calls daily about 18:00 · expected today", said(day, at(18), 15, 7 * hour)],
    [
      "calls on weekdays about 03:00 · expected on Monday",
      said(day, at(3), 19, 10 * hour, { only: [0, 1, 2, 3, 4] }),
    ],
    ["calls on Mon and Thu about 03:00 · expected on Monday", said(day, at(3), 19, hour, { only: [0, 3] })],
    ["calls weekly, on Monday about 03:00 · expected on 30 Nov", said(7 * day, at(3), 22, 10 * hour)],
    ["calls on weekdays between 09:00 and 18:00 · expected tomorrow", weekdaysOpen()],
  ])("%s", (expected, words) => {
    expect(words).toBe(expected);
  });

  function weekdaysOpen() {
    const calls = Array.from({ length: 18 * 24 }, (_, index) => at(index)).filter((each) => {
      const hours = (each % day) / hour;
      return hours >= 9 && hours < 18 && Math.floor((each - monday) / day) % 7 < 5;
    });
    const lastSeenAt = new Date(calls.at(-1) ?? 0);
    const rhythm = rhythmOf({ hours: calls, requests: calls.map(() => 12) });
    return wordsOf({
      expectation: expectationOf(rhythm, lastSeenAt, new Date(lastSeenAt.getTime() + 2 * hour)),
      lastSeenAt,
    });
  }

  it("is in the reader's time zone, days of the week too", () => {
    const tokyo = { only: [6, 0, 1, 2, 3], zone: "Asia/Tokyo" };
    expect(said(day, at(18), 18, hour, tokyo)).toBe("calls on weekdays about 03:00 · expected on Monday");
    expect(said(day, at(18), 15, hour, { zone: "Asia/Tokyo" })).toBe(
      "calls nightly about 03:00 · expected tomorrow",
    );
    expect(said(day, at(18), 15, hour, { zone: "America/Sao_Paulo" })).toBe(
      "calls daily about 15:00 · expected tomorrow",
    );
  });

  it("is nothing while nobody knows", () => {
    expect(wordsOf({ expectation: null, lastSeenAt: new Date(0) })).toBe("");
    expect(said(day, at(3), 2, hour)).toBe("");
    expect(said(9 * day, at(3), 19, hour)).toBe("calls rarely");
  });
});
