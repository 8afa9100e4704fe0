/** True when this version of Node.js, for example `20.19.0`, is new enough. */
export function isSupportedNode(version: string): boolean;
