import { createTranslator } from "next-intl";
import { type AlertCaller, alertKindOf, type CallersAlert } from "@/lib/domain/alert";
import type { MailParams, MailTemplate, NoticeFacts } from "@/lib/domain/mail";
import { browserName } from "@/lib/domain/user-agent";
import { catalogues } from "@/lib/i18n/catalogue";

/** What a mail says, in plain text, before it has a form. */
export interface MailWords {
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

const t = createTranslator({
  locale: "en",
  messages: { mail: catalogues.en.mail },
  namespace: "mail",
  timeZone: "UTC",
  onError(error) {
    throw error;
  },
});

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

/** A sentence of one template. The compiler cannot know the pairs; a test reads every template. */
function say(template: MailTemplate, part: string, values: object): string {
  return t(`${template}.${part}` as "new_device.text", values as never);
}

function device(userAgent: string): string {
  const { browser, system } = browserName(userAgent);
  if (browser && system) return t("facts.browserOn", { browser, system });
  return browser ?? system ?? t("facts.unknownBrowser");
}

function factRows({ at, address, userAgent }: NoticeFacts): [string, string][] {
  return [
    [t("facts.when"), `${moment.format(new Date(at))} UTC`],
    [t("facts.device"), device(userAgent)],
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
function callerRow({ title, others, address, instance, reason }: AlertCaller): [string, string] {
  const who = others ? t("caller.others") : title === "" ? t("caller.noAgent") : title;
  const words = [instance, address, reason && t("caller.reason", { reason })];
  return [who, words.filter(Boolean).join(" · ")];
}

/** An alert that names callers: where they are looked at, and where such mails are switched off. */
function callersAlert(
  template: MailTemplate,
  params: CallersAlert & { readonly until?: string },
): Pick<MailWords, "subject" | "heading" | "paragraphs" | "facts"> {
  const { account, callers, total, until } = params;
  const when = until === undefined ? "" : `${moment.format(new Date(until))} UTC`;
  const values = { account, total, until: when };
  const more = total - callers.length;
  return {
    subject: say(template, "subject", values),
    heading: say(template, "heading", values),
    paragraphs: [say(template, "text", values), ...(more > 0 ? [t("caller.more", { count: more })] : [])],
    facts: callers.map(callerRow),
  };
}

/**
 * The words of a mail. Links begin with `origin` and with nothing else.
 *
 * @param origin the dashboard's public origin, without a slash at its end
 */
export function mailWords<T extends MailTemplate>(
  template: T,
  params: MailParams[T],
  origin: string,
): MailWords {
  const fallback = t("frame.fallback");
  const kind = alertKindOf(template);
  const mute = kind && { label: t("frame.mute"), url: `${origin}/settings#alerts` };
  const reason = template === "invitation" ? "frame.reasonInvited" : "frame.reason";
  const notes = [t(reason, { host: new URL(origin).host })];
  if ("callers" in params) {
    const action = { label: say(template, "action", {}), url: `${origin}/security`, fallback };
    return { ...callersAlert(template, params), action, notes: [say(template, "note", {}), ...notes], mute };
  }
  const values = "role" in params ? { ...params, role: t(`role.${params.role}`) } : params;
  const words = {
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
      ...words,
      paragraphs: [
        ...words.paragraphs,
        over ? say(template, "advice", values) : t("advice", { after: adviceAfter(template, params) }),
      ],
      facts: factRows(params),
      action,
      notes,
    };
  }
  const path = "path" in params ? params.path : "/";
  const action = { label: say(template, "action", values), url: origin + path, fallback };
  return { ...words, facts: [], action, notes: [say(template, "note", values), ...notes] };
}
