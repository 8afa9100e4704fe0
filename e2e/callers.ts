import { expect } from "@playwright/test";

/** More than any test needs: a loop that nothing stops ends by itself. */
const mostRequests = 5000;

/** Each pauses this long between two requests: continuous, but leaving time for the page on a small machine. */
const pauseMs = 80;

/** Programs that call an instance again and again. */
interface Callers {
  /** Waits until each of them has begun and ended a request from now on. */
  everyoneCalled(): Promise<void>;
  /** Gives them another token, one after the other as people do, not all in one moment. */
  switchTo(token: string): Promise<void>;
}

/** How many requests there were, and what every rejected one got. */
interface CallerTally {
  readonly requests: number;
  readonly rejected: readonly string[];
}

/** Runs `work` while so many callers send this token, and ends them whatever comes of it. */
export async function withCallers(
  url: string,
  token: string,
  count: number,
  work: (callers: Callers) => Promise<void>,
): Promise<CallerTally> {
  const tokens = Array<string>(count).fill(token);
  const done = Array<number>(count).fill(0);
  const rejected: string[] = [];
  let stopped = false;

  async function call(position: number): Promise<void> {
    const headers = { "client-token": tokens[position] ?? "", "user-agent": `caller-${position}` };
    const answer = await fetch(url, { method: "POST", headers, body: "{}" })
      .then(async (response) => `${response.status} ${await response.text()}`)
      .catch((error: unknown) => `no answer: ${String(error)}`);
    if (!answer.startsWith("200 ")) rejected.push(`caller ${position}: ${answer}`);
    done[position] = (done[position] ?? 0) + 1;
  }

  async function loop(position: number): Promise<void> {
    for (let sent = 0; sent < mostRequests && !stopped; sent++) {
      await call(position);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  const loops = tokens.map((_, position) => loop(position));

  async function everyoneCalled(): Promise<void> {
    // Two more each: the first may have begun before.
    const wanted = done.map((requests) => requests + 2);
    await expect
      .poll(() => done.every((requests, position) => requests >= (wanted[position] ?? 0)), {
        timeout: 30_000,
      })
      .toBe(true);
  }

  async function switchTo(next: string): Promise<void> {
    for (const position of tokens.keys()) {
      tokens[position] = next;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  try {
    await work({ everyoneCalled, switchTo });
  } finally {
    stopped = true;
    await Promise.allSettled(loops);
  }
  return { requests: done.reduce((sum, requests) => sum + requests, 0), rejected };
}
