/** What following tells. */
interface Follower {
  /** Something happened, or may have while nobody listened. */
  readonly happened: () => void;
  /** The dashboard may be back after it was away. */
  readonly back: () => void;
  /** Whether what happens is heard at once from now on. */
  readonly live: (live: boolean) => void;
}

interface Following {
  /** Opens the connection anew where the browser has given up. */
  readonly reopen: () => void;
  readonly stop: () => void;
}

/** Without the connection: between two looks; and between two attempts where the browser has given up. */
const lookEveryMs = 5000;
const retryEveryMs = 15_000;

/** The server lets itself be heard every 15 s: a connection that says nothing for longer than two of them is dead. */
const longestSilenceMs = 40_000;

/**
 * Follows the account's events while the page is visible, and looks every few seconds while that fails. A
 * hidden page lets go of its connection: browsers have but six for each server.
 */
export function followEvents({ happened, back, live }: Follower): Following {
  let source: EventSource | undefined;
  let [retryAt, heardAt] = [0, 0];

  function open() {
    source?.close();
    live(false);
    heardAt = Date.now();
    retryAt = heardAt + retryEveryMs;
    const opened = new EventSource("/api/live");
    source = opened;
    opened.addEventListener("open", () => {
      live(true);
      back();
      // What came between rendering and now.
      happened();
    });
    opened.addEventListener("error", () => live(false));
    for (const event of ["traffic", "change"]) opened.addEventListener(event, happened);
    for (const event of ["traffic", "change", "beat"]) {
      opened.addEventListener(event, () => {
        heardAt = Date.now();
      });
    }
  }

  function close() {
    source?.close();
    source = undefined;
    live(false);
  }

  function look() {
    if (!source) return;
    if (source.readyState === EventSource.OPEN) {
      if (Date.now() - heardAt > longestSilenceMs) open();
      return;
    }
    happened();
    if (source.readyState === EventSource.CLOSED && Date.now() >= retryAt) open();
  }

  function onVisibility() {
    if (document.visibilityState === "visible") open();
    else close();
  }

  function reopen() {
    if (source?.readyState === EventSource.CLOSED) open();
  }

  /** A connection may outlive its network without a word; one to this very machine needs none. */
  function onNetwork() {
    if (!source) return;
    open();
    back();
  }

  const timer = setInterval(look, lookEveryMs);
  for (const event of ["online", "offline"]) window.addEventListener(event, onNetwork);
  document.addEventListener("visibilitychange", onVisibility);
  if (document.visibilityState === "visible") open();
  function stop() {
    clearInterval(timer);
    for (const event of ["online", "offline"]) window.removeEventListener(event, onNetwork);
    document.removeEventListener("visibilitychange", onVisibility);
    source?.close();
  }
  return { reopen, stop };
}
