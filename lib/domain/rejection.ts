import type { DenialReason, LiveToken, TokenVerdict } from "./gate";

/** Rejections for what came as the account security token. */
export const tokenRejections = [
  "missing",
  "malformed",
  "unknown",
  "retired",
  "instance_token",
  "duplicate",
  "placeholder",
] as const satisfies readonly Exclude<TokenVerdict, LiveToken>[];

export type TokenRejection = (typeof tokenRejections)[number];

/** True for an outcome of this kind, as gates write it. */
export function isTokenRejection(outcome: string): outcome is TokenRejection {
  return tokenRejections.some((reason) => reason === outcome);
}

/** Reasons that say nothing of an instance: nobody has shown to know one, or no policy could be read. */
type Unproven = "invalid_path" | "unknown_instance" | "policy_unavailable";

/** Why a request to an instance was rejected; `other` stands for reasons of a newer gate. */
export type RejectionReason = Exclude<DenialReason, Unproven> | "other";

/**
 * Where a rejection is mended: at the samples of how to call the instance, at the account security token, at
 * the address restriction, or at the instance itself.
 */
export type FixPlace = "samples" | "token" | "address" | "instance";

/** The place for each reason. The words for the reason and for its fix are in the message catalogue. */
export const fixPlaces: Readonly<Record<RejectionReason, FixPlace>> = {
  missing: "samples",
  malformed: "samples",
  unknown: "token",
  retired: "token",
  instance_token: "samples",
  duplicate: "samples",
  placeholder: "samples",
  address: "address",
  instance_paused: "instance",
  other: "instance",
};
