import { dashboardAnswers } from "./dashboard-answers";
import { backOffAfter } from "./pace";

/** An answer that takes longer is lost. */
const patienceMs = 30_000;

/** Those who read the page anew now, to be told when an answer gets lost. */
const readers = new Set<() => void>();
let steadied = false;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether Next.js asks for a page to show it, not to have it ready. */
function isReading(init: RequestInit | undefined): boolean {
  const headers = new Headers(init?.headers);
  return headers.get("rsc") === "1" && !headers.has("next-router-prefetch");
}

/** The answer once all of it is there; null when it got lost on the way, or is none of the dashboard's. */
async function wholeAnswer(ask: () => Promise<Response>): Promise<Response | null> {
  try {
    const response = await ask();
    const { status, statusText, headers, url, redirected } = response;
    if (status >= 500) return null;
    const whole = new Response(await response.arrayBuffer(), { status, statusText, headers });
    // A response made here has neither, and the router looks at both.
    return Object.defineProperties(whole, { url: { value: url }, redirected: { value: redirected } });
  } catch {
    return null;
  }
}

function steady(fetch: typeof window.fetch): typeof window.fetch {
  return async (input, init) => {
    if (readers.size === 0 || !isReading(init)) return fetch(input, init);
    const ask = () => fetch(input, { ...init, signal: AbortSignal.timeout(patienceMs) });
    for (let failures = 1; ; failures++) {
      const answer = await wholeAnswer(ask);
      if (answer) return answer;
      for (const lost of readers) lost();
      do await pause(backOffAfter(failures));
      while (!(await dashboardAnswers()));
    }
  };
}

/**
 * Next.js opens the address of a page whose answer got lost, which throws away what the page holds and ends in
 * the browser's error page when nothing is reached. Until the returned function is called, such an answer is
 * asked for again instead, until it comes.
 *
 * @param lost told each time that an answer did not come
 */
export function steadyReading(lost: () => void): () => void {
  if (!steadied) window.fetch = steady(window.fetch.bind(window));
  steadied = true;
  readers.add(lost);
  return () => readers.delete(lost);
}
