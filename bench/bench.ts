import type { Call } from "./call";
import type { Databases } from "./database/databases";
import type { Cores } from "./machine/cores";
import type { Children } from "./process/children";
import type { Settings } from "./settings";

/** What every measurement works with. */
export interface Bench {
  readonly settings: Settings;
  readonly cores: Cores;
  /** Vanishes at the end. */
  readonly folder: string;
  readonly children: Children;
  /** The nginx that all proxies forward to. */
  readonly upstreamPort: number;
  /** The request that all peers get; an instance of the small database accepts it. */
  readonly call: Call;
  readonly databases: Databases;
  /** Folder for CPU profiles of the gate; null means none are taken. */
  readonly profile: string | null;
  /** Tells the person at the terminal how far it is. */
  readonly tell: (line: string) => void;
}
