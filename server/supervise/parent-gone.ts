const lookEveryMs = 500;

/**
 * Calls back when the shell that npm put between itself and this process has gone. A signal sent to npm
 * ends that shell, and the shell does not pass it on. Does nothing when npm did not start this process.
 */
export function onParentGone(callback: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, lookEveryMs);
  timer.unref();
}
