import type { MailWords } from "./words";

/** A mail's two forms; the second says no more than the first. */
interface MailBody {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in an element or a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const muted = "color:#5b6472;font-size:13px;line-height:20px";

/** Line breaks have no place in a header, whatever a name holds. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

function textOf({ heading, paragraphs, facts, action, notes, mute }: MailWords): string {
  const rows = facts.map(([name, value]) => `${oneLine(name)}: ${oneLine(value)}`).join("\n");
  const [link, off] = [action, mute].map((each) => each && `${each.label}:\n${each.url}`);
  return [heading, ...paragraphs.slice(0, 1), rows, ...paragraphs.slice(1), link, "--", ...notes, off]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

const paragraph = (text: string, style = "margin:0 0 16px;font-size:15px;line-height:24px") =>
  `<p style="${style}">${escapeHtml(text)}</p>`;

function table(facts: MailWords["facts"]): string {
  if (facts.length === 0) return "";
  const rows = facts.map(
    ([name, value]) =>
      `<tr><td style="padding:6px 16px 6px 0;${muted}">${escapeHtml(name)}</td>` +
      `<td style="padding:6px 0;font-size:14px;line-height:20px;word-break:break-word">${escapeHtml(value)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px">${rows.join("")}</table>`;
}

function button({ label, url, fallback }: NonNullable<MailWords["action"]>): string {
  const href = escapeHtml(url);
  return (
    `<p style="margin:24px 0"><a href="${href}" style="display:inline-block;padding:10px 20px;border-radius:8px;` +
    `background:#2f5bd7;color:#ffffff;font-weight:600;font-size:15px;text-decoration:none">${escapeHtml(label)}</a></p>` +
    `<p style="margin:0 0 8px;${muted}">${escapeHtml(fallback)}<br>` +
    `<a href="${href}" style="color:#2f5bd7;word-break:break-all">${href}</a></p>`
  );
}

function muteLink({ label, url }: NonNullable<MailWords["mute"]>): string {
  const link = `<a href="${escapeHtml(url)}" style="color:#2f5bd7">${escapeHtml(label)}</a>`;
  return `<p style="margin:0;${muted}">${link}</p>`;
}

function htmlOf({ language, subject, heading, paragraphs, facts, action, notes, mute }: MailWords): string {
  const [first = "", ...rest] = paragraphs;
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;background:#f4f5f7;color:#1b2230;${font}">
<div style="max-width:520px;margin:0 auto;padding:32px 16px">
<p style="margin:0 0 16px;font-weight:600;font-size:15px">Latchkey</p>
<div style="background:#ffffff;border:1px solid #e2e5ea;border-radius:8px;padding:24px">
<h1 style="margin:0 0 12px;font-size:20px;line-height:28px">${escapeHtml(heading)}</h1>
${paragraph(first)}${table(facts)}${rest.map((text) => paragraph(text)).join("")}${action ? button(action) : ""}
</div>
<div style="padding:16px 0">${notes.map((note) => paragraph(note, `margin:0 0 8px;${muted}`)).join("")}${mute ? muteLink(mute) : ""}</div>
</div></body></html>
`;
}

/** Puts words into the one frame of all mails: everything escaped, no image, nothing loaded from anywhere. */
export function framed(words: MailWords): MailBody {
  return { subject: oneLine(words.subject), text: textOf(words), html: htmlOf(words) };
}
