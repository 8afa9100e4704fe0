import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { placeholderTools } from "@/lib/domain/presented-token";
import { fixPlaces, type RejectionReason } from "@/lib/domain/rejection";
import preflight from "./messages/en/preflight.json";
import rejected from "./messages/en/rejected.json";
import traffic from "./messages/en/traffic.json";

const t = createTranslator({
  locale: "en",
  messages: { preflight, rejected, traffic },
  onError(error) {
    throw error;
  },
});

const reasons = Object.keys(fixPlaces) as RejectionReason[];

describe("the words for a rejection", () => {
  it.each(reasons)("name %s, say what to do in a sentence or two, and lead there", (reason) => {
    expect(t(`traffic.reason.${reason}`)).toMatch(/^[A-Z]/);
    expect(t.markup(`rejected.fix.${reason}`, { term: (text) => text })).toMatch(/^[A-Z].*\. [A-Z].*\.$/);
    expect(t(`rejected.place.${fixPlaces[reason]}`)).toMatch(/^[A-Z]/);
  });

  it.each(placeholderTools)("say how to mend a placeholder in %s, in a sentence", (tool) => {
    expect(t(`preflight.tool.${tool}`)).toMatch(/^[A-Z].*\.$/);
  });

  it("tell who sends the instance token to send the account security token instead", () => {
    expect(t.markup("rejected.fix.instance_token", { term: (text) => text })).toBe(
      "It sends the instance token in Client-Token. Send the account security token instead.",
    );
  });
});
