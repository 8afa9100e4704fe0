import type { PolicyToken } from "@/lib/domain/gate";
import type { TokenSpan } from "@/lib/domain/preflight-evidence";
import { type Overlap, retirementAt } from "@/lib/domain/rotation";
import { digestOf } from "./gate-in-memory";
import type { Sent } from "./world";

interface Token {
  state: "current" | "retiring" | "retired";
  readonly createdAt: Date;
  retireAt: Date | null;
  readonly digest: Uint8Array;
}

const order = { current: 0, retiring: 1, retired: 2 } as const;

/** An account's tokens in memory, in the order in which they were made. */
export class TokensInMemory {
  readonly #all: Token[] = [];

  get current(): Token | undefined {
    return this.#all.find(({ state }) => state === "current");
  }

  retiringAt(now: Date): Token | undefined {
    return this.#all.find(({ state, retireAt }) => state === "retiring" && (!retireAt || retireAt > now));
  }

  isLive(sent: Sent, at: number, since = at): boolean {
    const token = typeof sent === "number" ? this.#all[sent] : undefined;
    if (!token || token.createdAt.getTime() > at) return false;
    return token.retireAt === null || token.retireAt.getTime() > since;
  }

  mint(createdAt: Date): void {
    this.#all.push({ state: "current", createdAt, retireAt: null, digest: digestOf(this.#all.length) });
  }

  retireAll(now: Date): void {
    for (const token of this.#all) {
      if (token.state === "retired") continue;
      token.state = "retired";
      token.retireAt = now;
    }
  }

  /** The current token goes on beside the next one. */
  beginRetirement(overlap: Overlap, now: Date): void {
    for (const token of this.#all) {
      if (token.state === "retiring") token.state = "retired";
      if (token.state !== "current") continue;
      token.state = "retiring";
      token.retireAt = retirementAt(overlap, now);
    }
  }

  finish(now: Date): void {
    const retiring = this.retiringAt(now);
    if (!retiring) return;
    retiring.state = "retired";
    retiring.retireAt = now;
  }

  /** As policies have them. */
  forGates(): PolicyToken[] {
    return this.#all
      .map(({ state, retireAt, digest }) => ({ state, retireAt, digest }))
      .sort((one, other) => order[one.state] - order[other.state]);
  }

  /** As evidence is drawn from them. */
  spans(): TokenSpan[] {
    return this.#all.map(({ createdAt, retireAt, state }) => ({
      createdAt,
      retireAt,
      current: state === "current",
    }));
  }
}
