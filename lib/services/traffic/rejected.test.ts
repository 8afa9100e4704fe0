import { describe, expect, it } from "vitest";
import type { RejectedCount, RejectedRow } from "@/lib/db/rejections";
import { toRejected } from "./rejected";

const at = (text: string) => new Date(`2026-11-24T${text}Z`);

const row: RejectedRow = {
  id: "1",
  instanceId: "abc",
  instanceName: "Shop",
  others: false,
  name: null,
  address: "203.0.113.9",
  agent: "curl",
  userAgent: "curl/8",
  rejectedAt: at("11:20:00"),
  lastOutcome: "missing",
  lastMethod: "POST",
  lastPath: "/send-text",
};

const count = (outcome: string, requests: number, hour: string): RejectedCount => {
  return { callerId: "1", outcome, requests, hour: at(`${hour}:00:00`) };
};

const counts = [count("missing", 3, "11"), count("malformed", 7, "09")];

describe("a row of rejected callers", () => {
  it("has the reason of the latest rejection, its exact time, and what else there was", () => {
    expect(toRejected(row, counts, "")).toMatchObject({
      reason: "missing",
      requests: 3,
      besides: [{ reason: "malformed", requests: 7 }],
      lastAt: row.rejectedAt,
      hourOnly: false,
      works: false,
    });
  });

  it("tells only the hour of a reason that was not the latest", () => {
    expect(toRejected(row, counts, "malformed")).toMatchObject({
      reason: "malformed",
      requests: 7,
      lastAt: at("09:00:00"),
      hourOnly: true,
    });
  });

  it("of a caller that was let in since has the newest reason, exact where the hour leaves no doubt", () => {
    const works = { ...row, lastOutcome: "accepted" };
    expect(toRejected(works, counts, "")).toMatchObject({ works: true, reason: "missing", hourOnly: false });
    const doubt = [count("malformed", 9, "11"), count("missing", 3, "11")];
    expect(toRejected(works, doubt, "")).toMatchObject({ reason: "malformed", hourOnly: true });
  });

  it("sums reasons it does not know up as one", () => {
    const unknown = { ...row, lastOutcome: "quota" };
    const both = [count("quota", 2, "11"), count("geography", 5, "10")];
    expect(toRejected(unknown, both, "")).toMatchObject({ reason: "other", requests: 7, besides: [] });
  });
});
