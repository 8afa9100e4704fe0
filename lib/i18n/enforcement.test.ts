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
const all = [0, 1, 2].flatMap((count) => ["no", "yes"].map((more) => ({ count, more, maybe: "no" })));

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

  it("says that those not heard since may be rejected, alone and besides others", () => {
    expect(all.map((values) => t("mayReject", values))).toEqual([
      "Some callers not heard since may be rejected",
      "Some callers not heard since may be rejected",
      "1 caller not heard since may be rejected",
      "1 caller and others, not heard since, may be rejected",
      "2 callers not heard since may be rejected",
      "2 callers and others, not heard since, may be rejected",
    ]);
    const both = { count: 2, more: "no", maybe: "yes" };
    expect(t("wouldReject", both)).toBe("2 callers would be rejected, those not heard since may be");
    expect(t("rejected", both)).toBe("2 callers are rejected, those not heard since may be");
  });

  it("says that all send the token, and whose token was not looked at", () => {
    expect([0, 1].map((unchecked) => t("ready", { unchecked }))).toEqual([
      "All callers send the token",
      "All callers that get through send the token, 1 refused before theirs was looked at",
    ]);
  });
});
