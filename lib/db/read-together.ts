/**
 * Has all who ask for the same thing before it is read share one reading. A reading begins after everyone it answers has
 * asked, so nobody is told what was so before; of one key only one runs at a time, so ten pages of an account cost it
 * two readings at most. What a person may see is for the caller to say.
 */
export function readTogether<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const waiting = new Map<string, Promise<T>>();
  const running = new Map<string, Promise<unknown>>();

  async function readAfter(before: Promise<unknown> | undefined, key: string): Promise<T> {
    await before?.catch(() => {});
    waiting.delete(key);
    const reading = read(key);
    running.set(key, reading);
    try {
      return await reading;
    } finally {
      if (running.get(key) === reading) running.delete(key);
    }
  }

  return (key) => {
    let reading = waiting.get(key);
    if (reading === undefined) {
      reading = readAfter(running.get(key), key);
      waiting.set(key, reading);
    }
    return reading;
  };
}
