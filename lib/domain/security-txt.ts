/** Whom finders of weaknesses can tell. The texts hold no line breaks. */
interface SecurityContact {
  /** URIs, the best one first. */
  readonly contacts: readonly string[];
  readonly expires: Date;
  readonly languages: readonly string[];
  readonly policy?: string | undefined;
  readonly canonical?: string | undefined;
}

/** The file of RFC 9116 §2. */
export function securityTxt({ contacts, expires, languages, policy, canonical }: SecurityContact): string {
  const fields: readonly (readonly [name: string, value: string | undefined])[] = [
    ...contacts.map((contact) => ["Contact", contact] as const),
    ["Expires", expires.toISOString().replace(/\.\d+Z$/, "Z")],
    ["Preferred-Languages", languages.join(", ") || undefined],
    ["Policy", policy],
    ["Canonical", canonical],
  ];
  return fields.flatMap(([name, value]) => (value ? [`${name}: ${value}\n`] : [])).join("");
}

const soonMs = 30 * 86_400_000;

/** Whether the file still counts: readers are told not to rely on one that has expired (RFC 9116 §2.5.5). */
export function securityTxtState(expires: Date, now: Date): "current" | "ending" | "expired" {
  const left = expires.getTime() - now.getTime();
  if (left <= 0) return "expired";
  return left < soonMs ? "ending" : "current";
}
