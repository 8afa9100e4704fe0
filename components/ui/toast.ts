/** A short message that comes and goes. */
export interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
}

const none: readonly Toast[] = [];
let shown = none;
let lastId = 0;
const listeners = new Set<() => void>();

function show(tone: Toast["tone"], text: string): void {
  lastId += 1;
  // Three at most: the newest say what matters.
  set([...shown, { id: lastId, tone, text }].slice(-3));
}

function set(next: readonly Toast[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Says in passing that something worked or did not. What must be read belongs into the page, not here. */
export const toast = {
  success: (text: string) => show("good", text),
  error: (text: string) => show("bad", text),
};

/** Takes a message away. */
export function dismissToast(id: number): void {
  set(shown.filter((each) => each.id !== id));
}

/** For useSyncExternalStore: what is shown now. */
export const toastStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: () => shown,
  onServer: () => none,
};
