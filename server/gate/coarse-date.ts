/** A clock that makes no more than one Date a millisecond, however often it is asked. */
export function coarseDate(): () => Date {
  let last = new Date(0);
  let lastMs = 0;
  return () => {
    const ms = Date.now();
    if (ms !== lastMs) {
      lastMs = ms;
      last = new Date(ms);
    }
    return last;
  };
}
