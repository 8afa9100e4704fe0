/**
 * Takes a lock that ends with this process, however it ends.
 *
 * @returns the lock, or the id of the living process that has it
 * @throws the file system's error when the lock's folder cannot be written
 */
export function takeLock(
  path: string,
): { readonly held: true; readonly release: () => void } | { readonly held: false; readonly pid: number };
/**
 * Makes sure that nobody runs from what is about to be replaced. Notes of dead processes are removed.
 *
 * @throws SetupError that names a living process noted in the folder
 */
export function refuseWhileInUse(folder: string): void;
