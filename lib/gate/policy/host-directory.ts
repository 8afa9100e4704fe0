import type { DirectoryPart, DirectoryService } from "@/lib/db/services";
import {
  hostName,
  isBelow,
  type NamedRequest,
  type Recognised,
  recognise,
  type ServiceDirectory,
} from "@/lib/domain/service";
import { memoized } from "../memoized";

/** What the directory stands on. */
interface HostDirectoryParts {
  readonly readParts: (accountIds: readonly string[]) => Promise<readonly DirectoryPart[]>;
  /** Epochs of all accounts that have a host name. */
  readonly readEpochs: () => Promise<ReadonlyMap<string, bigint>>;
  /** Every name one label below it is for instances and services; null: no domain is set aside. */
  readonly domain: string | null;
  /** Names of this Latchkey itself, which are nobody else's whatever is stored. */
  readonly ownNames: ReadonlySet<string>;
}

/** The directory cannot be read as it was announced to be. */
class DirectoryOutdated extends Error {
  override name = "DirectoryOutdated";
  readonly code = "DIRECTORY_OUTDATED";
}

/** What a host that is an instance's or a service's is called, and what it stands for where that is stored. */
interface Place {
  readonly name: string;
  readonly held: HeldHost | undefined;
}

/** A host name has 253 characters at most; its port and a final dot come on top. */
const longestHost = 260;

const accountsPerStatement = 500;
const mostReadings = 5;

interface HeldAccount {
  readonly epoch: bigint;
  readonly hosts: readonly string[];
  readonly services: readonly string[];
}

/** What a host name stands for. */
type HeldHost =
  | { readonly accountId: string; readonly service: DirectoryService }
  | {
      readonly accountId: string;
      readonly service: null;
      readonly instanceId: string;
      readonly serviceId: string | null;
    };

/**
 * Whose every host name is, in memory. Each change of a service raises its account's epoch; what is announced is read
 * again, account by account, and until then requests to that account's hosts wait. Without any host name it costs a request
 * one look at a boolean.
 */
export class HostDirectory {
  readonly #parts: HostDirectoryParts;
  readonly #hosts = new Map<string, HeldHost>();
  readonly #services = new Map<string, DirectoryService>();
  readonly #accounts = new Map<string, HeldAccount>();
  /** Accounts that are to be read, and the epoch they have to be of. */
  readonly #stale = new Map<string, bigint>();
  readonly #directory: ServiceDirectory<DirectoryService>;
  #reading: Promise<void> | null = null;
  /** By hosts as requests write them, of which most write the same few; for as long as nothing changes. */
  #places = this.#rememberPlaces();

  constructor(parts: HostDirectoryParts) {
    this.#parts = parts;
    this.#directory = {
      domain: parts.domain,
      serviceOf: (host) => this.#hosts.get(host)?.service ?? null,
      isInstanceHost: (host) => this.#hosts.get(host)?.service === null,
    };
  }

  /** False while nothing but the contract's own path can name an instance. */
  get any(): boolean {
    return this.#hosts.size > 0 || this.#parts.domain !== null;
  }

  /** True when requests to a host are for instances, whatever their path. */
  owns(host: string | null): boolean {
    return this.#placeOf(host) !== null;
  }

  #placeOf(host: string | null): Place | null {
    return host === null || !this.any ? null : this.#places(host);
  }

  #rememberPlaces(): (host: string) => Place | null {
    return memoized((host) => {
      const name = hostName(host);
      const { domain, ownNames } = this.#parts;
      if (name === null || ownNames.has(name)) return null;
      const held = this.#hosts.get(name);
      return held || (domain !== null && isBelow(name, domain)) ? { name, held } : null;
    }, longestHost);
  }

  /** Whom a request is for, by what is held. @param request its host as it was written */
  recognise({ method, target, host }: NamedRequest): Recognised<DirectoryService> {
    return recognise({ method, target, host: this.#placeOf(host)?.name ?? null }, this.#directory);
  }

  /** A service by its id; null when there is none. */
  serviceOf(id: string): DirectoryService | null {
    return this.#services.get(id) ?? null;
  }

  /** The instance that a host name belongs to. */
  instanceAt(host: string): string | null {
    const held = this.#hosts.get(host);
    return held && held.service === null ? held.instanceId : null;
  }

  /** The header besides Client-Token that may bring the token to an instance's host: that of its service. */
  tokenHeaderAt(host: string): string | null {
    const held = this.#hosts.get(host);
    const serviceId = held && held.service === null ? held.serviceId : null;
    return serviceId === null ? null : (this.#services.get(serviceId)?.tokenHeader ?? null);
  }

  /**
   * null when what is held about a host is as new as anything announced; otherwise fulfilled once it is.
   *
   * @throws Error (the promise rejects) when it cannot be read
   */
  whenFresh(host: string | null): Promise<void> | null {
    if (this.#stale.size === 0) return null;
    const held = this.#placeOf(host)?.held;
    return held ? this.whenAccountFresh(held.accountId) : null;
  }

  /** The same of what is held about the services of an account that has one. */
  whenAccountFresh(accountId: string): Promise<void> | null {
    if (!this.#accounts.has(accountId) && !this.#stale.has(accountId)) this.#stale.set(accountId, 0n);
    return this.#stale.has(accountId) ? this.#catchUp() : null;
  }

  /** An account's epoch was raised. */
  announced(accountId: string, epoch: bigint): void {
    const held = this.#accounts.get(accountId);
    if (held && held.epoch >= epoch) return;
    this.#stale.set(accountId, epoch);
    // What fails is read when a request asks for it, or at the next comparison.
    this.#catchUp().catch(() => {});
  }

  /**
   * Reads what is not as the database has it: at the start, after announcements may have been missed, and now and then.
   *
   * @throws Error when the database cannot be read
   */
  async compare(): Promise<void> {
    const epochs = await this.#parts.readEpochs();
    for (const [accountId, epoch] of epochs) {
      const known = this.#accounts.get(accountId)?.epoch ?? -1n;
      if (known < epoch) this.#stale.set(accountId, this.#newer(accountId, epoch));
    }
    for (const accountId of this.#accounts.keys())
      if (!epochs.has(accountId)) this.#stale.set(accountId, this.#newer(accountId, 0n));
    await this.#catchUp();
  }

  #newer(accountId: string, epoch: bigint): bigint {
    const announced = this.#stale.get(accountId) ?? 0n;
    return announced > epoch ? announced : epoch;
  }

  /** One reading at a time; who asks while one is under way waits for what that leaves, too. */
  #catchUp(): Promise<void> {
    this.#reading ??= this.#readInTurn();
    return this.#reading;
  }

  async #readInTurn(): Promise<void> {
    // What is announced in the same turn goes with the same statement.
    await Promise.resolve();
    try {
      while (this.#stale.size > 0) await this.#readStale();
    } finally {
      // In the turn in which nothing was left, so that what is asked for after it is read again.
      this.#reading = null;
    }
  }

  async #readStale(): Promise<void> {
    for (let readings = 0; this.#stale.size > 0; readings++) {
      const asked = new Map([...this.#stale].slice(0, accountsPerStatement));
      const parts = await this.#parts.readParts([...asked.keys()]);
      const found = new Map(parts.map((part) => [part.accountId, part]));
      let behind = 0;
      for (const [accountId, epoch] of asked) {
        const part = found.get(accountId);
        if (part && part.epoch < epoch) behind++;
        else {
          this.#replace(accountId, part);
          if (this.#stale.get(accountId) === epoch) this.#stale.delete(accountId);
        }
      }
      if (behind > 0 && readings >= mostReadings) throw new DirectoryOutdated();
    }
  }

  #replace(accountId: string, part: DirectoryPart | undefined): void {
    const before = this.#accounts.get(accountId);
    if (before && part && part.epoch < before.epoch) return;
    this.#places = this.#rememberPlaces();
    // It may have gone to another account that was read before this one.
    for (const host of before?.hosts ?? [])
      if (this.#hosts.get(host)?.accountId === accountId) this.#hosts.delete(host);
    for (const id of before?.services ?? []) this.#services.delete(id);
    this.#accounts.delete(accountId);
    const hosts: string[] = [];
    const services = part?.services ?? [];
    const hold = (host: string, held: HeldHost) => {
      hosts.push(host);
      this.#hosts.set(host, held);
    };
    for (const service of services) {
      this.#services.set(service.id, service);
      for (const host of service.hosts) hold(host, { accountId, service });
    }
    for (const [host, instanceId, serviceId] of part?.instanceHosts ?? [])
      hold(host, { accountId, service: null, instanceId, serviceId });
    if (part && hosts.length + services.length > 0) {
      const ids = services.map(({ id }) => id);
      this.#accounts.set(accountId, { epoch: part.epoch, hosts, services: ids });
    }
  }
}
