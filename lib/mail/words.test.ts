import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type MailParams, type MailTemplate, mailTemplates } from "@/lib/domain/mail";
import { type Language, languages } from "@/lib/domain/preferences";
import { framed } from "./frame";
import { mailWords } from "./words";

const origin = "https://latchkey.example.com";
const hostile = `<img src=x onerror="alert(1)">&'\r\nBcc: victim@example.com`;
const facts = { at: "2026-11-25T08:15:00.000Z", address: "203.0.113.9", userAgent: hostile };

/** Everything that any template wants, as hostile as it can be. */
const everything = {
  path: "/reset-password#token",
  account: hostile,
  inviter: "ana@example.com",
  by: "ana@example.com",
  from: "ana@example.com",
  to: "ana@new.example.com",
  role: "admin",
  factor: "totp",
  left: 2,
  armedBy: "ana@example.com",
  instance: hostile,
  more: 2,
  instances: 3,
  waiting: 2,
  until: "2026-11-28T08:15:00.000Z",
  total: 3,
};

/** The mails that name callers, and a caller whose every word is hostile. */
const naming: readonly MailTemplate[] = ["caller_stopped", "grace_ends", "overlap_ends"];
const callers = [
  { title: hostile, others: false, address: "203.0.113.9", instance: hostile, reason: "missing" },
];

const plain: readonly MailTemplate[] = [
  ...(["verify_address", "reset_password", "change_address", "address_wanted", "invitation"] as const),
  ...(["role_changed", "member_removed", "sessions_ended", "account_deleted"] as const),
  ...(["armed_enforced", "armed_done", "armed_ask"] as const),
];
const isNotice = (template: MailTemplate) => !plain.includes(template) && !naming.includes(template);

function mail(template: MailTemplate, params: object = everything) {
  const more = naming.includes(template) ? { callers } : isNotice(template) ? facts : {};
  const all = { ...params, ...more };
  return framed(mailWords(template, all as MailParams[typeof template], origin));
}

describe.each(mailTemplates)("the mail %s", (template) => {
  test("has whole sentences in both forms, and loads nothing", () => {
    const { subject, text, html } = mail(template);
    expect(subject).toMatch(/^[A-Z\d][^{}]+$/);
    for (const form of [text, html]) expect(form).not.toMatch(/\{[a-z]|undefined|\[object/);
    expect(html).not.toMatch(/<(?:img|link|script|style|iframe|object|svg)|url\(|<[^>]*\ssrc=|@import/i);
  });

  test("links to the dashboard and to nothing else", () => {
    const { text, html } = mail(template);
    const links = [...`${text}\n${html}`.matchAll(/https?:\/\/[^\s"<]+/g)].map(
      ([link]) => new URL(link).origin,
    );
    expect(new Set(links)).toEqual(new Set([origin]));
    const toForgot = template === "address_changed" ? "/" : "/forgot";
    const path = naming.includes(template)
      ? "/security"
      : isNotice(template)
        ? toForgot
        : "/reset-password#token";
    expect(text).toContain(`\n${origin}${path}\n`);
    expect(html).toContain(`href="${origin}${path}"`);
  });

  test("shows what others typed as text, and keeps it out of the headers", () => {
    const { subject, html } = mail(template);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html.replaceAll("&#39;", "")).not.toContain('onerror="');
  });
});

describe.each(languages)("in %s", (language) => {
  test.each(mailTemplates)(
    "the mail %s has whole sentences, and says which language it is in",
    (template) => {
      const more = naming.includes(template) ? { callers } : isNotice(template) ? facts : {};
      const params = { ...everything, ...more } as MailParams[typeof template];
      const { subject, text, html } = framed(mailWords(template, params, origin, language));
      expect(html).toContain(`<html lang="${language}">`);
      expect(subject).toMatch(/^[¿\p{Lu}\d][^{}]+$/u);
      for (const form of [text, html]) expect(form).not.toMatch(/\{[a-z]|undefined|\[object/);
    },
  );
});

test("a moment is written as the mail's language writes it", () => {
  const when = (language: Language) => framed(mailWords("new_device", facts, origin, language)).text;
  expect(when("pt-BR")).toMatch(/Quando: 25 de novembro de 2026.* 08:15 UTC/);
  expect(when("es")).toMatch(/Cuándo: 25 de noviembre de 2026.* 8:15 UTC/);
});

test("a notice says when, where and with what it happened", () => {
  const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36";
  const { text } = framed(mailWords("new_device", { ...facts, userAgent }, origin));
  expect(text).toContain(
    "When: 25 November 2026 at 08:15 UTC\nBrowser: Chrome on Linux\nAddress: 203.0.113.9",
  );
});

test("each way to prove oneself has its own words", () => {
  const said = (["totp", "passkey", "recovery_codes", "provider"] as const).map(
    (factor) => mail("second_factor_added", { factor }).text,
  );
  expect(new Set(said).size).toBe(4);
});

test("a notice of something that outlives a new password says how to end it", () => {
  const added = mail("second_factor_added", { factor: "passkey" }).text;
  expect(added).toContain("remove in Settings what is not yours");
  for (const { text } of [
    mail("second_factor_added", { factor: "recovery_codes" }),
    mail("recovery_code_used", { left: 3 }),
  ]) {
    expect(text).toContain("make new recovery codes in Settings");
  }
  const reset = mail("second_factor_removed", { factor: "all" }).text;
  expect(reset).not.toContain("there is nothing to do");
});

test("an alert names callers as text, counts the rest, and says where its reader switches it off", () => {
  const { subject, text, html } = mail("caller_stopped");
  expect(subject).toContain("3 callers of");
  expect(text).toContain("203.0.113.9 · sends no token");
  expect(text).toContain("2 more are on the Security page.");
  expect(text.split("\n")).not.toContain("Bcc: victim@example.com");
  expect(text).toContain(`${origin}/settings#alerts`);
  expect(html).toContain(`href="${origin}/settings#alerts"`);
  expect(mail("grace_ends").text).toContain("28 November 2026 at 08:15 UTC");
});

test("callers without a name are called unknown, and those beyond the limits are called that", () => {
  const nameless = { title: "", address: null, instance: "Shop" };
  const params = {
    account: "Bakery",
    until: "2026-11-28T08:15:00.000Z",
    total: 2,
    callers: [
      { ...nameless, others: false },
      { ...nameless, others: true },
    ],
  };
  const { text } = framed(mailWords("overlap_ends", params, origin));
  expect(text).toContain("Unknown program: Shop\nCallers beyond the limits: Shop");
});

test("docs/operations/mail.md lists every mail", () => {
  const text = readFileSync("docs/operations/mail.md", "utf8");
  expect(mailTemplates.filter((template) => !text.includes(`\`${template}\``))).toEqual([]);
});
