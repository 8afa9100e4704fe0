import { describe, expect, it } from "vitest";
import { explainDatabaseError, placeOf } from "./connect";

const url = "postgresql://ann:hunter2-hunter2@db.example:5433/latchkey?sslmode=require";

describe("explaining a database that cannot be used", () => {
  it("names the place without user and password", () => {
    expect(placeOf(url)).toBe("db.example:5433/latchkey");
    expect(placeOf("postgres:///latchkey")).toBe("localhost:5432/latchkey");
  });

  it.each(["ECONNREFUSED", "ENOTFOUND", "28P01", "3D000", "57P03", "SOMETHING_NEW"])(
    "gives one line for %s that leaks nothing",
    (code) => {
      const error = Object.assign(new Error("first line hunter\nsecond line"), { code });
      const { message } = explainDatabaseError(error, url);
      expect(message).not.toContain("\n");
      expect(message).not.toContain("hunter2");
      expect(message).toContain("DATABASE_URL");
    },
  );

  it.each([
    ["timeout expired", "check host, port"],
    ["Connection terminated unexpectedly", "listens on this port"],
    ["SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string", "wants a password"],
  ])("says what to do about what has no code (%s)", (said, advice) => {
    expect(explainDatabaseError(new Error(said), url).message).toContain(advice);
  });

  it("looks inside the error of a host with several addresses", () => {
    const inner = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(explainDatabaseError(new AggregateError([inner]), url).message).toContain("nothing answers there");
  });
});
