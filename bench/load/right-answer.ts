import { waitUntil } from "@/server/wait";
import { BenchError } from "../bench-error";
import type { LoadRequest } from "../call";
import type { Child } from "../process/children";
import { upstreamBody } from "../upstream-body";
import type { Expected } from "./wrk-output";

const startMs = 45_000;
const right: Readonly<Record<Expected, { status: number; body: string }>> = {
  accepted: { status: 200, body: upstreamBody },
  rejected: { status: 403, body: '{"error":"Client-Token not allowed"}' },
};

async function ask(
  port: number,
  { path, headers }: LoadRequest,
): Promise<{ status: number; body: string } | null> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers,
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return null;
  }
}

/**
 * Waits until a server that was just started gives exactly the answer that it is measured by.
 *
 * @throws BenchError when it ends, or does not answer rightly in time
 */
export async function awaitRightAnswer(
  child: Child,
  port: number,
  request: LoadRequest,
  expected: Expected,
): Promise<void> {
  let last: Awaited<ReturnType<typeof ask>> = null;
  const isRight = async () => {
    last = await ask(port, request);
    return last?.status === right[expected].status && last.body === right[expected].body;
  };
  const answered = await waitUntil(async () => child.hasExited() || isRight(), {
    withinMs: startMs,
    everyMs: 50,
  });
  if (answered && !child.hasExited()) return;
  const seen = child.hasExited() ? "it ended" : inWords(last);
  throw new BenchError(`did not start: ${seen}\n${child.tail()}`.trim());
}

function inWords(answer: { status: number; body: string } | null): string {
  return answer === null ? "no answer" : `it answered ${answer.status} ${answer.body.slice(0, 200)}`;
}
