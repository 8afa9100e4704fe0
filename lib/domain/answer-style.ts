import type { Denial } from "./gate";

/**
 * In which words an instance rejects its callers. `documented`: as the wire contract says. `z_api`: as Z-API answers where
 * its documentation says otherwise. `unauthorized`: by 401, for clients that know a missing or wrong credential by that
 * alone.
 */
export const answerStyles = ["documented", "z_api", "unauthorized"] as const;

export type AnswerStyle = (typeof answerStyles)[number];

/** The style of this name; the contract's for one that a newer version may have written. */
export function answerStyleOf(name: string): AnswerStyle {
  return answerStyles.find((style) => style === name) ?? "documented";
}

/** A rejection as it is answered. Nothing that a caller presented is in it. */
export interface StyledDenial extends Pick<Denial, "body" | "reason"> {
  readonly status: Denial["status"] | 401;
  /** What `WWW-Authenticate` has to say with a 401 (RFC 9110 §15.5.2). */
  readonly challenge?: string;
}

/** The scheme is the name of the header that brings the token: no registered scheme has a header of its own. */
const challenge = 'Client-Token realm="Latchkey"';

/** The token is missing, or it is none that counts. */
const isAboutToken: Readonly<Record<Denial["reason"], boolean>> = {
  missing: true,
  malformed: true,
  unknown: true,
  retired: true,
  instance_token: true,
  duplicate: true,
  placeholder: true,
  invalid_path: false,
  unknown_instance: false,
  instance_paused: false,
  address: false,
  endpoint: false,
  policy_unavailable: false,
};

/** How a denial is answered in a style. Pure and total; `documented` is the denial itself. */
export function answer(denial: Denial, style: AnswerStyle): StyledDenial {
  const { reason, body } = denial;
  if (style === "unauthorized" && isAboutToken[reason]) return { status: 401, body, reason, challenge };
  if (style !== "z_api") return denial;
  if (reason === "missing")
    return { status: 400, body: { error: "your client-token is not configured" }, reason };
  if (reason === "unknown_instance") return { status: 400, body: denial.body, reason };
  return denial;
}
