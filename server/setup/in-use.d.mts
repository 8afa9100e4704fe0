/**
 * Makes sure that nobody runs from what is about to be replaced. Notes of dead processes are removed.
 *
 * @throws SetupError that names a living process noted in the folder
 */
export function refuseWhileInUse(folder: string): void;
