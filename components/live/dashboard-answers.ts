/** An answer that takes longer is none. */
const patienceMs = 5000;

/**
 * Whether the dashboard answers this browser now. Anything else than its own two answers is none: the page that
 * stands in for it while it starts, a failure, or a foreign page that a network puts in front. "Not signed in"
 * is an answer: read anew, the page finds out where to go. Asking is no use of the session.
 */
export async function dashboardAnswers(): Promise<boolean> {
  try {
    const { status } = await fetch("/api/presence", {
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(patienceMs),
    });
    return status === 204 || status === 401;
  } catch {
    return false;
  }
}
