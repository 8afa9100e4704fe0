import { SetupError } from "./say.mjs";

const oldest = [20, 19];

/** True when this version of Node.js, for example `20.19.0`, is new enough. */
export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** @throws SetupError in words when Node.js is too old */
export function checkNode() {
  if (isSupportedNode(process.versions.node)) return;
  throw new SetupError(
    `this is Node.js ${process.versions.node}, and Latchkey needs ${oldest.join(".")} or newer. ` +
      "Install a newer one from https://nodejs.org (or: nvm install 22) and try again.",
  );
}
