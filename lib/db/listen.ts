import { epochChannel } from "./epoch";
import { type Audience, type Listener, listenOn } from "./listener";

/** Who is told about changed decisions. */
export interface EpochAudience extends Omit<Audience, "heard"> {
  /** An account's epoch was raised; its change is committed. */
  announced(accountId: string, epoch: bigint): void;
}

/** A connection that listens until it is closed. */
export type EpochListener = Listener;

/** Takes `<account id>:<epoch>` apart; null for anything else. */
export function parseAnnouncement(payload: string | undefined): [accountId: string, epoch: bigint] | null {
  const [, accountId, epoch] = /^([0-9a-f-]{36}):(\d{1,19})$/.exec(payload ?? "") ?? [];
  return accountId === undefined || epoch === undefined ? null : [accountId, BigInt(epoch)];
}

/**
 * Listens for raised epochs; see `listenOn`.
 *
 * @param everyMs between two questions; an answer that takes as long counts as none
 */
export function listenForEpochs(audience: EpochAudience, everyMs: number): EpochListener {
  return listenOn(
    { channels: [epochChannel], applicationName: "latchkey-listener", everyMs },
    {
      heard: (_channel, payload) => {
        const announcement = parseAnnouncement(payload);
        if (announcement) audience.announced(...announcement);
      },
      connected: (snapshot) => audience.connected(snapshot),
      alive: () => audience.alive(),
      clock: (reading) => audience.clock?.(reading),
      lost: () => audience.lost(),
    },
  );
}
