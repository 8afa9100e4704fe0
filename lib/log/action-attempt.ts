import { AsyncLocalStorage } from "node:async_hooks";

/** A request that says it calls a server action. */
export interface ActionAttempt {
  /** True once the action was reached: until then, whatever fails is what the request was made of. */
  reached: boolean;
}

// The server, its output and the pages are bundled apart; one process has one storage.
const shared = globalThis as typeof globalThis & {
  latchkeyActionAttempts?: AsyncLocalStorage<ActionAttempt>;
};

/** The attempt that the current work belongs to. */
export function actionAttempts(): AsyncLocalStorage<ActionAttempt> {
  shared.latchkeyActionAttempts ??= new AsyncLocalStorage();
  return shared.latchkeyActionAttempts;
}
