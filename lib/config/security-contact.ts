import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { ConfigError, otherwise, settingProblem } from "./values";

const dayMs = 86_400_000;

/** RFC 9116 §2.5.5 recommends less than a year. */
const mostDaysAhead = 365;

/** How long what a release says of itself counts, when nobody gives another day. */
const releaseDays = 360;

/** Characters of a URI (RFC 3986 §2): nothing that could end a line of the file, or begin another. */
const uriText = /^[\w.~:/?#[\]@!$&'()*+;=%-]+$/;
const mailbox = /^[^\s@:/,]+@[^\s@:/,]+$/;

/** Mailboxes as they are written, and URIs by which somebody can be reached (RFC 9116 §2.5.3). */
const contacts = z.string().transform((value, context) => {
  const given = value.split(",").map((part) => part.trim());
  const uris = given.filter(Boolean).map((part) => (mailbox.test(part) ? `mailto:${part}` : part));
  const isReachable = (uri: string) =>
    uriText.test(uri) &&
    (/^mailto:[^@]+@[^@]+$/.test(uri) ||
      /^tel:\+?[\d-]{3,}$/.test(uri) ||
      (/^https:\/\//.test(uri) && URL.canParse(uri)));
  if (uris.length === 0 || !uris.every(isReachable))
    context.addIssue({ code: "custom", message: otherwise("contact").error });
  return uris;
});

const policy = z
  .string()
  .refine(
    (value) => uriText.test(value) && /^https:\/\//.test(value) && URL.canParse(value),
    otherwise("policy"),
  );

/** Tags of languages (RFC 5646), in their usual spelling. */
const languages = z.string().transform((value, context) => {
  try {
    const tags = Intl.getCanonicalLocales(value.split(",").map((tag) => tag.trim()));
    if (tags.length > 0) return tags;
  } catch {
    // Told below, as a list without a tag is.
  }
  context.addIssue({ code: "custom", message: otherwise("languages").error });
  return [];
});

const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })], otherwise("day"));

/** Only the clock can make such a day valid, so that a start which succeeded never fails later for it. */
const expires = day
  .transform((value) => new Date(value))
  .refine((value) => value.getTime() - Date.now() <= mostDaysAhead * dayMs, otherwise("dayTooFar"));

/** Variables of /.well-known/security.txt. */
export const securityContactFields = {
  SECURITY_CONTACT: contacts.optional(),
  SECURITY_EXPIRES: expires.optional(),
  SECURITY_LANGUAGES: languages.optional(),
  SECURITY_POLICY: policy.optional(),
};

type Given = z.output<z.ZodObject<typeof securityContactFields>> & {
  readonly LATCHKEY_URL?: string | undefined;
};

/**
 * Whom finders of weaknesses can tell; undefined: nobody is named. Without a day of its own it counts for a year from the
 * release that runs here: whoever updates says that somebody is there.
 *
 * @throws ConfigError when there is something about a contact, and no contact
 */
export function securityContact(value: Given) {
  const { SECURITY_CONTACT, SECURITY_EXPIRES, SECURITY_LANGUAGES, SECURITY_POLICY, LATCHKEY_URL } = value;
  if (!SECURITY_CONTACT) {
    if (!SECURITY_EXPIRES && !SECURITY_LANGUAGES && !SECURITY_POLICY) return undefined;
    throw new ConfigError([settingProblem("SECURITY_CONTACT", "contactNeeded")]);
  }
  return Object.freeze({
    contacts: SECURITY_CONTACT,
    expires: SECURITY_EXPIRES ?? new Date(Date.parse(packageJson.released) + releaseDays * dayMs),
    languages: SECURITY_LANGUAGES ?? [],
    policy: SECURITY_POLICY,
    /** The file's own address; undefined where that is not fixed, or no address of this kind (RFC 9116 §2.5.2). */
    canonical: LATCHKEY_URL?.startsWith("https://") ? `${LATCHKEY_URL}/.well-known/security.txt` : undefined,
  });
}
