import { createTranslator } from "next-intl";
import { describe, expect, it, test } from "vitest";
import { auditActions } from "@/lib/domain/audit-event";
import { auditGroups } from "@/lib/domain/audit-filter";
import { languages } from "@/lib/domain/preferences";
import { catalogues } from "./catalogue";

test.each(auditGroups)("the group %s has a name to filter by", (group) => {
  expect(catalogues.en.activity.group[group]).toMatch(/^[A-Z]/);
});

describe.each(languages)("the sentences of the activity page in %s", (language) => {
  const t = createTranslator({
    locale: language,
    messages: catalogues[language],
    namespace: "activity.action",
    onError(error) {
      throw error;
    },
  });

  it.each(auditActions)("say %s from what the event holds", (action) => {
    const sentence = t.markup(action, {
      target: "Night orders",
      from: "Old name",
      rule: "DELETE /instance/delete",
      to: "https://api.example.com",
      by: "totp",
      via: "provider",
      lastFour: "4f9a",
      count: 2,
      days: 14,
      left: 1,
      instances: 3,
      events: 4,
      format: "csv",
      permission: "token.change",
      flag: "true",
      b: (text) => text,
      code: (text) => text,
    });
    expect(sentence).toMatch(/^\p{Lu}[^<{]+$/u);
  });
});
