import { StartError } from "./start-error";

/** What can be said on the command line. */
export interface StartOptions {
  /** Run `next dev` instead of the built dashboard. */
  readonly dev: boolean;
}

/** @throws StartError for anything but `--dev`: everything else is an environment variable */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const unknown = args.find((arg) => arg !== "--dev");
  if (unknown !== undefined) {
    throw new StartError(
      `there is no option ${unknown}. Settings are environment variables, for example: PORT=4000 npm start`,
    );
  }
  return { dev: args.includes("--dev") };
}
