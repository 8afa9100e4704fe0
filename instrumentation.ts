/** Run once by Next.js. In production `server/dashboard.ts` does this; `next dev` has nobody else to do it. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs" && process.env.NODE_ENV === "development") {
    const { startCourier } = await import("@/lib/mail/courier");
    const { startKeeper } = await import("@/lib/services/keeper");
    const { followKeys } = await import("@/server/secret/keyring");
    await followKeys(() => {}).loaded();
    startCourier();
    startKeeper();
  }
}
