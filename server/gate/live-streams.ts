import type { ServerResponse } from "node:http";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";

/**
 * Answers of the dashboard that end only when someone ends them: the live events of open pages. Nothing is
 * lost with them, for the pages come back by themselves, so draining must not wait.
 */
export class LiveStreams {
  readonly #open = new Set<ServerResponse>();

  /** Takes note of an answer if it is a stream of events. */
  note(response: ServerResponse, headers: readonly HeaderLine[]): void {
    const isStream = headers.some(
      ([name, value]) => name.toLowerCase() === "content-type" && value.startsWith("text/event-stream"),
    );
    if (!isStream) return;
    this.#open.add(response);
    response.once("close", () => this.#open.delete(response));
  }

  /** Ends all of them. */
  close(): void {
    for (const response of this.#open) response.destroy();
  }
}
