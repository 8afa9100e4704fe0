/** What a supervised process tells the one that started it. */
export type Report =
  | { readonly kind: "listening"; readonly port: number }
  /** It cannot work until its operator mends something: starting it again would not help. */
  | { readonly kind: "failed"; readonly message: string };

/** Sends a report to the parent; does nothing when the process was started by hand. */
export function report(message: Report): void {
  process.send?.(message);
}

/** Recognises a report among what a child sends. */
export function isReport(message: unknown): message is Report {
  if (typeof message !== "object" || message === null || !("kind" in message)) return false;
  if (message.kind === "listening") return "port" in message && typeof message.port === "number";
  return message.kind === "failed" && "message" in message && typeof message.message === "string";
}
