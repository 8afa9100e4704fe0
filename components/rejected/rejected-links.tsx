import { useTranslations } from "next-intl";
import { callCardId, endpointRulesId } from "@/components/instances/samples";
import { addressesPath, securityPath, tokenModuleId } from "@/components/security/security-place";
import { TextLink } from "@/components/ui/link";
import { term } from "@/components/ui/text";
import type { TokenStatus } from "@/lib/domain/enforcement";
import { placeholderToolOf } from "@/lib/domain/presented-token";
import {
  type FixPlace,
  fixPlaces,
  type RejectedChart,
  type RejectedLately,
  type RejectionReason,
} from "@/lib/domain/rejection";
import type { TrafficRange, TrafficReason } from "@/lib/domain/traffic";

/** What the list of rejected requests is narrowed to; what is left out is the default. */
export interface RejectedPlace {
  readonly range?: TrafficRange;
  readonly by?: RejectedChart;
  readonly reason?: TrafficReason | null;
  readonly caller?: string;
  readonly instance?: string;
  readonly page?: number;
}

/** The page that lists rejected requests. */
export const rejectedPath = "/activity/rejected";

/** The address of a list of rejected requests. */
export function rejectedHref({ range, by, reason, caller, instance, page }: RejectedPlace = {}): string {
  const query = new URLSearchParams();
  if (range && range !== "day") query.set("traffic", range);
  if (by && by !== "reason") query.set("by", by);
  if (reason) query.set("reason", reason);
  if (caller) query.set("caller", caller);
  if (instance) query.set("instance", instance);
  if (page && page > 1) query.set("page", String(page));
  const text = query.toString();
  return text === "" ? rejectedPath : `${rejectedPath}?${text}`;
}

/** Names in the address bar, and what the use case calls them. */
const keys = {
  traffic: "range",
  by: "by",
  reason: "reason",
  caller: "caller",
  instance: "instance",
  page: "page",
} as const;

type RejectedQuery = { readonly [key in (typeof keys)[keyof typeof keys]]?: string };

/** What the address bar asks for, as text that a use case makes sense of. */
export function rejectedQuery(
  params: Readonly<Record<string, string | string[] | undefined>>,
): RejectedQuery {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([from, to]) => {
      const value = params[from];
      return typeof value === "string" ? [[to, value]] : [];
    }),
  );
}

interface RejectedSentenceProps {
  readonly rejected: RejectedLately;
  readonly status: TokenStatus;
}

/** How many callers were rejected in the last hour, and the way to them; nothing where nobody could be. */
export function RejectedSentence({ rejected: { callers, others }, status }: RejectedSentenceProps) {
  const t = useTranslations("rejected");
  const enforced = status !== "none" && status !== "disabled";
  if (callers === 0 && !others) return enforced && t("lastHour", { callers });
  return (
    <>
      <b className="font-semibold text-text">
        {others ? t("lastHourAtLeast", { callers: callers + 1 }) : t("lastHour", { callers })}
      </b>{" "}
      <TextLink href={rejectedHref()} prefetch={false} className="whitespace-nowrap">
        {t("see")}
      </TextLink>
    </>
  );
}

const fixHrefs: Readonly<Record<FixPlace, (instanceId: string) => string>> = {
  samples: (instanceId) => `/instances/${instanceId}#${callCardId}`,
  token: () => `${securityPath}#${tokenModuleId}`,
  address: () => addressesPath,
  endpoints: (instanceId) => `/instances/${instanceId}#${endpointRulesId}`,
  instance: (instanceId) => `/instances/${instanceId}`,
};

/** Where a rejection is mended. */
export function fixHref(reason: RejectionReason, instanceId: string): string {
  return fixHrefs[fixPlaces[reason]](instanceId);
}

interface FixTextProps {
  readonly reason: RejectionReason;
  readonly instanceId: string;
  /** Short name of the program; empty when it gave none. */
  readonly agent: string;
}

/** What a caller does wrong and what to do instead, in plain words, with the way there. */
export function FixText({ reason, instanceId, agent }: FixTextProps) {
  const t = useTranslations("rejected");
  const tool = useTranslations("preflight.tool");
  return (
    <>
      {t.rich(`fix.${reason}`, { term })} {reason === "placeholder" && `${tool(placeholderToolOf(agent))} `}
      <TextLink href={fixHref(reason, instanceId)} prefetch={false} className="whitespace-nowrap">
        {t(`place.${fixPlaces[reason]}`)}
      </TextLink>
    </>
  );
}
