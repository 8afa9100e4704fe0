import { diskFull } from "../data-directory";
import { StartError } from "../start-error";

/** The only environment PostgreSQL gets: its messages stay English and no PG… variable interferes. */
export const postgresEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: process.env.NODE_ENV,
  PATH: process.env.PATH,
  SystemRoot: process.env.SystemRoot,
  LC_ALL: "C",
};

/** Turns what a PostgreSQL program printed before it gave up into one line for an operator. */
export function explainPostgres(output: string, dataDir: string): StartError {
  // PostgreSQL has no error codes on stderr; these are strerror(3) and its own texts under LC_ALL=C.
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(dataDir);
  if (/shared memory segment.*No space|could not resize shared memory/.test(output)) {
    return new StartError("PostgreSQL lacks shared memory: give this container more (--shm-size=256m).");
  }
  if (output.includes("could not look up effective user ID")) {
    return new StartError(
      "PostgreSQL wants to run as a user with a name: add this one to /etc/passwd, or set DATABASE_URL.",
    );
  }
  const lines = output.trim().split("\n");
  const said = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? "";
  const text = said.replace(/^.*?(FATAL|PANIC|error):\s*/, "");
  return new StartError(`PostgreSQL could not start in ${dataDir}: ${text || "it said nothing"}.`);
}
