import type { AnswerStyle } from "./answer-style";
import type { InstanceProtection, InstanceReadiness } from "./enforcement";
import type { WrittenRoute } from "./preset";
import type { SecurityTokenView } from "./security-token";
import type { LastDay } from "./traffic";

/** What is shown of an instance everywhere. No secret in it. */
export interface InstanceSummary {
  readonly id: string;
  /** The id in its URL: the one that was given, or its own. */
  readonly calledId: string;
  readonly name: string;
  /** Its own or its service's; null: the built-in echo answers. */
  readonly upstreamUrl: string | null;
  readonly paused: boolean;
  readonly createdAt: Date;
}

/** An instance in a list. */
interface ListedInstance extends InstanceSummary {
  /** Whether the token is enforced on it one by one, whatever the account says. */
  readonly enforced: boolean;
}

/** The service that an instance is called through. */
interface InstanceService {
  readonly id: string;
  readonly name: string;
  readonly preset: string;
  readonly hosts: readonly string[];
  readonly routes: readonly WrittenRoute[];
}

/** What the page of one instance shows. No secret in it. */
export interface InstanceDetail extends ListedInstance {
  /** Names of the request headers added before forwarding; their values stay sealed. */
  readonly headerNames: readonly string[];
  /** How long the upstream may take to begin its answer; null: the server's default. */
  readonly firstByteSeconds: number | null;
  /** null: it has an upstream of its own. */
  readonly service: InstanceService | null;
  /** What requests to its service call it. */
  readonly label: string | null;
  /** Host names of its own. */
  readonly hosts: readonly string[];
  /** In which words it rejects its callers; null: its service says that. */
  readonly answerStyle: AnswerStyle | null;
  readonly updatedAt: Date;
}

/** One row of the instance list. */
export interface InstanceRow extends InstanceSummary {
  readonly protection: InstanceProtection;
  /** Callers kept apart, without those that were set aside. */
  readonly callers: number;
  /** How these are; null while there is no token to send, or when there are none but strangers who are shut out already. */
  readonly readiness: InstanceReadiness | null;
  /** As far as calls are remembered; null: never. */
  readonly lastCallAt: Date | null;
  readonly lastDay: LastDay;
}

/** One page of the account's instances. */
export interface InstancePage<Item extends InstanceSummary = ListedInstance> {
  readonly items: readonly Item[];
  /** Instances that match the search, on all pages. */
  readonly matching: number;
  /** Instances of the account, whatever the search. */
  readonly total: number;
  /** 1-based. */
  readonly page: number;
  readonly pageCount: number;
}

/** What the list of instances shows. */
export interface InstanceListView extends InstancePage<InstanceRow> {
  readonly token: SecurityTokenView;
  readonly pausedInstances: number;
}

/** An upstream request header as the owner gives it; a null value keeps the stored one of that name. */
export interface UpstreamHeader {
  readonly name: string;
  readonly value: string | null;
}

/** Longest name of an instance or account, in characters. */
export const nameMaxLength = 80;

/** How long an upstream may be given to begin its answer, in seconds. */
export const firstByteLimits = { min: 1, max: 3600 } as const;

/** Most upstream request headers an instance can have. */
export const upstreamHeadersMax = 20;

/** Instances on one page of the list. */
export const instancesPerPage = 20;
