import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import consequence from "./messages/en/consequence.json";
import preflight from "./messages/en/preflight.json";

const t = createTranslator({
  locale: "en",
  messages: { preflight },
  namespace: "preflight",
  onError(error) {
    throw error;
  },
});

const words = createTranslator({
  locale: "en",
  messages: { consequence },
  namespace: "consequence",
  onError(error) {
    throw error;
  },
});

describe("the sentence above the callers", () => {
  const each = [0, 1, 2].flatMap((count) => [0, 1, 2].map((maybe) => ({ count, maybe })));

  it("never says that nobody would be rejected while somebody may be", () => {
    expect(each.map((values) => t("would", values))).toEqual([
      "Activating now would reject no caller.",
      "Activating now may reject 1 caller.",
      "Activating now may reject 2 callers.",
      "Activating now would reject 1 caller.",
      "Activating now would reject 1 caller and may reject 1 more.",
      "Activating now would reject 1 caller and may reject 2 more.",
      "Activating now would reject 2 callers.",
      "Activating now would reject 2 callers and may reject 1 more.",
      "Activating now would reject 2 callers and may reject 2 more.",
    ]);
    expect(each.slice(0, 2).map((values) => t("wouldRest", values))).toEqual([
      "Activating on the rest would reject no caller.",
      "Activating on the rest may reject 1 caller.",
    ]);
    expect(each.slice(0, 6).map((values) => t("rejects", values))).toEqual([
      "No caller is rejected for its token.",
      "1 caller may be rejected when it calls.",
      "2 callers may be rejected when they call.",
      "1 caller is rejected when it calls.",
      "1 caller is rejected when it calls, and 1 more may be.",
      "1 caller is rejected when it calls, and 2 more may be.",
    ]);
  });

  it("speaks in the dialog of those who get through, were dismissed or never looked at", () => {
    const said = [
      { dismissed: 0, unchecked: 0 },
      { dismissed: 1, unchecked: 0 },
      { dismissed: 0, unchecked: 1 },
    ];
    expect(said.map((values) => words("nobody.activate", values))).toEqual([
      "Every caller that gets through now sends the token: nobody would be rejected.",
      "Every caller that gets through now and that you have not dismissed sends the token.",
      "Every caller that gets through now sends the token: nobody would be rejected. Nobody knows about 1: it was refused before its token was looked at.",
    ]);
  });
});
