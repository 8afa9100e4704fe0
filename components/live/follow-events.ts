/** What following tells. */
interface Follower {
  /** Something happened, or may have while nobody listened. */
  readonly happened: () => void;
  /** Whether what happens is heard at once from now on. */
  readonly live: (live: boolean) => void;
}

/** Without the connection: between two looks; and between two attempts where the browser has given up. */
const lookEveryMs = 5000;
const retryEveryMs = 15_000;

/**
 * Follows the account's events while the page is visible, and looks every few seconds while that fails. A
 * hidden page lets go of its connection: browsers have but six for each server.
 *
 * @returns a function that ends it
 */
export function followEvents({ happened, live }: Follower): () => void {
  let source: EventSource | undefined;
  let retryAt = 0;

  function open() {
    source?.close();
    retryAt = Date.now() + retryEveryMs;
    const opened = new EventSource("/api/live");
    source = opened;
    opened.addEventListener("open", () => {
      live(true);
      // What came between rendering and now.
      happened();
    });
    opened.addEventListener("error", () => live(false));
    for (const event of ["traffic", "change"]) opened.addEventListener(event, happened);
  }

  function close() {
    source?.close();
    source = undefined;
    live(false);
  }

  function look() {
    if (!source || source.readyState === EventSource.OPEN) return;
    happened();
    if (source.readyState === EventSource.CLOSED && Date.now() >= retryAt) open();
  }

  function onVisibility() {
    if (document.visibilityState === "visible") open();
    else close();
  }

  const timer = setInterval(look, lookEveryMs);
  document.addEventListener("visibilitychange", onVisibility);
  if (document.visibilityState === "visible") open();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", onVisibility);
    source?.close();
  };
}
