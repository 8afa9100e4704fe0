/** Versions of Node.js, the oldest of each line, for people. */
export const supportedNode: string;

/** True when `npm start` runs on this version of Node.js, for example `26.12.1`. Odd lines never last. */
export function isSupportedNode(version: string): boolean;

/** True when Latchkey can run on this version at all: a weak release of a supported line runs, and doctor tells of it. */
export function isSupportedLine(version: string): boolean;
