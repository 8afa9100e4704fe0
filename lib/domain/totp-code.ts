/** The six digits of a code as it was typed, spaces forgiven. null for what is no code. */
export function readTotpCode(typed: string): string | null {
  if (typed.length > 100) return null;
  const digits = typed.replace(/[\s-]/g, "");
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}

/** Seconds that one code is shown (RFC 6238 §5.2). */
export const timeStepSeconds = 30;

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
