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

/** The six digits of a code as it was typed, spaces forgiven. null for what is no code. */
export function readTotpCode(typed: string): string | null {
  if (typed.length > 100) return null;
  const digits = typed.replace(/[\s-]/g, "");
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}

/** Seconds that one code is shown (RFC 6238 §5.2). */
const timeStepSeconds = 30;

/** The time step of a moment: whole periods since 1970. */
export function timeStepAt(now: Date): number {
  return Math.floor(now.getTime() / (timeStepSeconds * 1000));
}

/**
 * Steps whose codes are accepted: the present one and its neighbours, so that a clock may be 30 seconds off
 * (RFC 6238 §6), without those that are used up: each code works once (§5.2).
 *
 * @param lastStep the newest step whose code was accepted
 */
export function openSteps(now: Date, lastStep: number): readonly number[] {
  const present = timeStepAt(now);
  return [present, present - 1, present + 1].filter((step) => step > lastStep);
}

/** Crockford's base32: no letters that look like digits. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** Bytes in a new code: 120 bits. From 112 on a fast hash is enough (ASVS 5.0, 6.5.2). */
export const recoveryCodeBytes = 15;

/** Letters in a new code, and in those of 80 bits that were given out before and are kept on paper. */
const lengths: readonly number[] = [(recoveryCodeBytes * 8) / 5, 16];

/** Writes random bytes as a code in groups of four, as `7k2m-9qxr-4tcv-h08p-mz3d-w61n`. */
export function formatRecoveryCode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = bits.match(/.{5}/g)?.map((five) => alphabet[Number.parseInt(five, 2)]) ?? [];
  return letters.join("").replace(/(.{4})(?=.)/g, "$1-");
}

/**
 * The letters of a code as it was typed: upper case, spaces, hyphens and the letters that are easily taken for
 * digits are forgiven. null for what is no code.
 */
export function readRecoveryCode(typed: string): string | null {
  if (typed.length > 100) return null;
  const letters = typed.toLowerCase().replace(/[\s-]/g, "").replaceAll("o", "0").replace(/[il]/g, "1");
  return lengths.includes(letters.length) && [...letters].every((letter) => alphabet.includes(letter))
    ? letters
    : null;
}
