/** One signed-in browser of the current user. */
export interface SessionView {
  readonly id: string;
  readonly current: boolean;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

/** A session ends this long after its last use. */
export const sessionIdleSeconds = 14 * 24 * 3600;

/** A session ends this long after sign-in, however it is used. */
export const sessionAbsoluteSeconds = 30 * 24 * 3600;

/** A proof of who acts is fresh for this long (see proof.ts for what asks for one). */
export const proofSeconds = 10 * 60;

/** True when the last proof is fresh enough. A proof from the future counts as none. */
export function isProofFresh(provenAt: Date, now: Date): boolean {
  const age = now.getTime() - provenAt.getTime();
  return age >= 0 && age < proofSeconds * 1000;
}
