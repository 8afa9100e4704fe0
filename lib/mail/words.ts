import { createTranslator } from "next-intl";
import { type AlertCaller, alertKindOf, type CallersAlert } from "@/lib/domain/alert";
import type { MailParams, MailTemplate, NoticeFacts } from "@/lib/domain/mail";
import type { Language } from "@/lib/domain/preferences";
import { browserName } from "@/lib/domain/user-agent";
import { catalogues } from "@/lib/i18n/catalogue";

/** What a mail says, in plain text, before it has a form. */
export interface MailWords {
  readonly language: Language;
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Rows of name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly action: { readonly label: string; readonly url: string; readonly fallback: string } | null;
  readonly notes: readonly string[];
  /** Where its reader switches mails of this kind off; null where nobody can. */
  readonly mute: { readonly label: string; readonly url: string } | null;
}

const clock = { dateStyle: "long", timeStyle: "short", timeZone: "UTC" } as const;

/** How mails are worded in one language. */
function wordsIn(language: Language) {
  const t = createTranslator({
    locale: language,
    messages: { mail: catalogues[language].mail },
    namespace: "mail",
    timeZone: "UTC",
    onError(error) {
      throw error;
    },
  });
  const moment = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, clock);
  return {
    language,
    t,
    /** A sentence of one template. The compiler cannot know the pairs; a test reads every template. */
    say: (template: MailTemplate, part: string, values: object): string =>
      t(`${template}.${part}` as "new_device.text", values as never),
    /** A moment as mails write it: nobody knows the clock of who reads it. */
    moment: (at: string): string => `${moment.format(new Date(at))} UTC`,
  };
}

type Words = ReturnType<typeof wordsIn>;

const words = new Map<Language, Words>();

function wordsOf(language: Language): Words {
  const known = words.get(language) ?? wordsIn(language);
  words.set(language, known);
  return known;
}

function device({ t }: Words, userAgent: string): string {
  const { browser, system } = browserName(userAgent);
  if (browser && system) return t("facts.browserOn", { browser, system });
  return browser ?? system ?? t("facts.unknownBrowser");
}

function factRows(words: Words, { at, address, userAgent }: NoticeFacts): [string, string][] {
  const { t, moment } = words;
  return [
    [t("facts.when"), moment(at)],
    [t("facts.device"), device(words, userAgent)],
    [t("facts.address"), address === "unknown" ? t("facts.unknownAddress") : address],
  ];
}

/** What a stranger may still hold after a new password, and what only the operator can have done. */
function adviceAfter(template: MailTemplate, params: object): "asked" | "factor" | "codes" | "plain" {
  if ("factor" in params && params.factor === "all") return "asked";
  if (template === "second_factor_added") {
    return "factor" in params && params.factor === "recovery_codes" ? "codes" : "factor";
  }
  return template === "recovery_code_used" ? "codes" : "plain";
}

/** A caller as one row: who, and where, with what it does wrong. What it says of itself is but text. */
function callerRow(
  { t }: Words,
  { title, others, address, instance, reason }: AlertCaller,
): [string, string] {
  const who = others ? t("caller.others") : title === "" ? t("caller.noAgent") : title;
  const parts = [instance, address, reason && t("caller.reason", { reason })];
  return [who, parts.filter(Boolean).join(" · ")];
}

/** An alert that names callers: where they are looked at, and where such mails are switched off. */
function callersAlert(
  words: Words,
  template: MailTemplate,
  params: CallersAlert & { readonly until?: string },
): Pick<MailWords, "subject" | "heading" | "paragraphs" | "facts"> {
  const { t, say, moment } = words;
  const { account, callers, total, until } = params;
  const when = until === undefined ? "" : moment(until);
  const values = { account, total, until: when };
  const more = total - callers.length;
  return {
    subject: say(template, "subject", values),
    heading: say(template, "heading", values),
    paragraphs: [say(template, "text", values), ...(more > 0 ? [t("caller.more", { count: more })] : [])],
    facts: callers.map((each) => callerRow(words, each)),
  };
}

/**
 * The words of a mail. Links begin with `origin` and with nothing else.
 *
 * @param origin the dashboard's public origin, without a slash at its end
 * @param language that of who gets it
 */
export function mailWords<T extends MailTemplate>(
  template: T,
  params: MailParams[T],
  origin: string,
  language: Language = "en",
): MailWords {
  const words = wordsOf(language);
  const { t, say } = words;
  const fallback = t("frame.fallback");
  const kind = alertKindOf(template);
  const mute = kind && { label: t("frame.mute"), url: `${origin}/settings#alerts` };
  const reason = template === "invitation" ? "frame.reasonInvited" : "frame.reason";
  const notes = [t(reason, { host: new URL(origin).host })];
  if ("callers" in params) {
    const action = { label: say(template, "action", {}), url: `${origin}/security`, fallback };
    return {
      ...callersAlert(words, template, params),
      language,
      action,
      notes: [say(template, "note", {}), ...notes],
      mute,
    };
  }
  const values = "role" in params ? { ...params, role: t(`role.${params.role}`) } : params;
  const common = {
    language,
    subject: say(template, "subject", values),
    heading: say(template, "heading", values),
    paragraphs: [say(template, "text", values)],
    mute,
  };
  if ("at" in params) {
    // A mailbox that is no longer the user's can set no password.
    const over = template === "address_changed";
    const action = over
      ? { label: say(template, "action", values), url: `${origin}/`, fallback }
      : { label: t("adviceAction"), url: `${origin}/forgot`, fallback };
    return {
      ...common,
      paragraphs: [
        ...common.paragraphs,
        over ? say(template, "advice", values) : t("advice", { after: adviceAfter(template, params) }),
      ],
      facts: factRows(words, params),
      action,
      notes,
    };
  }
  const path = "path" in params ? params.path : "/";
  const action = { label: say(template, "action", values), url: origin + path, fallback };
  return { ...common, facts: [], action, notes: [say(template, "note", values), ...notes] };
}
