/** True when Latchkey runs on this version of Node.js, for example `26.12.1`. Odd lines never last. */
export function isSupportedNode(version: string): boolean;
