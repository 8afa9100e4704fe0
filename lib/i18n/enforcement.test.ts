import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import security from "./messages/en/security.json";

const t = createTranslator({
  locale: "en",
  messages: { security },
  namespace: "security.enforcement.callers",
  onError(error) {
    throw error;
  },
});
const all = [0, 1, 2].flatMap((count) => ["no", "yes"].map((more) => ({ count, more })));

describe("the line beside a switch", () => {
  it("says how many callers it would reject, and that there are more than are kept apart", () => {
    expect(all.map((values) => t("wouldReject", values))).toEqual([
      "Some callers would be rejected",
      "Some callers would be rejected",
      "1 caller would be rejected",
      "1 caller and others would be rejected",
      "2 callers would be rejected",
      "2 callers and others would be rejected",
    ]);
  });

  it("says how many callers it rejects", () => {
    expect(all.map((values) => t("rejected", values))).toEqual([
      "Some callers are rejected",
      "Some callers are rejected",
      "1 caller is rejected",
      "1 caller and others are rejected",
      "2 callers are rejected",
      "2 callers and others are rejected",
    ]);
  });

  it("says that all send the token, and who was not heard", () => {
    expect([0, 1].map((quiet) => t("ready", { quiet }))).toEqual([
      "All callers send the token",
      "All callers heard send the token, 1 quiet",
    ]);
  });
});
