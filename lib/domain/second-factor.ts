/** What a person can have beside the password. */
export type SecondFactor = "passkey" | "totp";

/** What the second step of a sign-in accepts. Recovery codes stand in for a lost factor; alone they are none. */
export type SecondStepWay = SecondFactor | "recovery_code";

/** How a sign-in with more than the password, or without it, was done. */
export type SignInWay = SecondStepWay | "passkey_only";

/** A sign-in waits this long for its second step. */
export const secondStepSeconds = 10 * 60;

/** So many codes are looked at before a waiting sign-in ends and the password is asked for again. */
export const secondStepTries = 5;

/** An authenticator app that is being set up waits this long for its first code. */
export const enrolmentSeconds = 30 * 60;

/** How many recovery codes are made at a time. */
export const recoveryCodeCount = 10;

/** From this many on the person is told that codes are running out. */
export const recoveryCodesFew = 3;

/**
 * The ways open to someone with these factors, the most usual first. None without a factor: then the second
 * step is not asked for.
 */
export function secondStepWays(
  factors: readonly SecondFactor[],
  recoveryCodesLeft: number,
): readonly SecondStepWay[] {
  if (factors.length === 0) return [];
  return recoveryCodesLeft > 0 ? [...factors, "recovery_code"] : factors;
}

/** Two-step sign-in as the person who has it sees it. */
export interface TwoStepView {
  readonly factors: readonly SecondFactor[];
  /** The authenticator app, when there is one. */
  readonly totp: { readonly addedAt: Date; readonly lastUsedAt: Date | null } | null;
  readonly recoveryCodesLeft: number;
  /** It is required of all members: by the account, or by whoever runs the server. */
  readonly required: boolean;
  /** Whoever runs the server requires it in every account, so no owner can change that. */
  readonly requiredByServer: boolean;
  /** For those who may require it: members of the account, and the addresses of those without a factor. */
  readonly everyone: { readonly members: number; readonly without: readonly string[] } | null;
}

/** What one needs to add the account to an authenticator app. Shown once. */
export interface TotpEnrolment {
  readonly enrolmentId: string;
  /** The seed in base32, in groups of four, for typing. */
  readonly key: string;
  /** `otpauth://totp/…`, which opens an authenticator app on the same device. */
  readonly uri: string;
  /** The same as a QR code: a square of `size` modules, and an SVG path over the dark ones. */
  readonly qr: { readonly size: number; readonly path: string };
}

/** A factor was added. The codes are there when it was the first one, and can be seen only now. */
export interface FactorAdded {
  readonly recoveryCodes: readonly string[] | null;
}
