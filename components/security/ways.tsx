import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/link";
import { canChange } from "@/lib/domain/enforcement";
import type { SecurityPageView } from "@/lib/domain/security-page";
import { samplesId } from "./security-place";
import type { TokenChanges } from "./token-changes";

/** Something that can be done about the token now. */
interface Way {
  readonly change: "configure" | "send" | "arm" | "protect" | "activate" | "deactivate" | "rotate";
  /** The one obvious next step, if there is one, is primary. */
  readonly variant: ButtonVariant;
}

/**
 * What can be done about the token in this state, the best first: that one stays in reach on a phone. Whoever adds one
 * gives it its words in `security.ways`, says here when it is there, and in `useTokenChanges` what pressing it does.
 */
function waysOf({ token, preflight, armed }: SecurityPageView): readonly Way[] {
  const { status, retiring, enforcedInstances, totalInstances } = token;
  const forecast = preflight?.forecast;
  if (status === "none") return [{ change: "configure", variant: "primary" }];
  if (status === "active") {
    const ways: Way[] = [{ change: "deactivate", variant: "secondary" }];
    if (canChange(status, "rotate", retiring !== null)) ways.push({ change: "rotate", variant: "secondary" });
    return ways;
  }
  const heard = forecast?.heard ?? false;
  const ready = heard && forecast?.unreadyInstances === 0;
  const ways: Way[] = [];
  if (status === "disabled" && !heard) ways.push({ change: "send", variant: "primary" });
  // With everybody ready there is nothing to wait for.
  if (ready) ways.push({ change: "activate", variant: "primary" });
  if (!armed && enforcedInstances < totalInstances && canChange(status, "arm")) {
    ways.push({ change: "arm", variant: heard && !ready ? "primary" : "secondary" });
  }
  if (!ready && enforcedInstances < totalInstances && canChange(status, "protect")) {
    ways.push({ change: "protect", variant: "secondary" });
  }
  if (!ready) ways.push({ change: "activate", variant: "secondary" });
  if (status !== "disabled") ways.push({ change: "deactivate", variant: "secondary" });
  return ways;
}

interface WaysProps {
  readonly page: SecurityPageView;
  /** null: this person may look but not change. */
  readonly changes: TokenChanges | null;
  /** Ways whose buttons stand elsewhere. */
  readonly without: readonly Way["change"][];
}

/** The ways on from here, each with what it does to whom, beside its button. */
export function Ways({ page, changes, without }: WaysProps) {
  const t = useTranslations("security.ways");
  const foot = useTranslations("security.foot");
  return (
    <section aria-label={t("label")} className="border-line lg:border-l">
      <ul className="divide-y divide-line px-4 md:px-6">
        {waysOf(page)
          .filter(({ change }) => !without.includes(change))
          .map((way) => (
            <li key={way.change} className="flex flex-wrap gap-x-4 gap-y-2.5 py-4">
              <div className="min-w-0 flex-1 basis-56">
                <h3 className="font-semibold">{t(`${way.change}.title`)}</h3>
                <div className="text-pretty text-muted wrap-break-word">
                  <WayText change={way.change} page={page} />
                </div>
              </div>
              {changes && (
                <div className="max-sm:grid max-sm:w-full">
                  <WayButton way={way} status={page.token.status} changes={changes} />
                </div>
              )}
            </li>
          ))}
      </ul>
      {!changes && <p className="px-4 pb-4 text-muted md:px-6">{foot("viewer")}</p>}
    </section>
  );
}

/** What a way does to whom, in a sentence. */
function WayText({
  change,
  page,
}: {
  readonly change: Way["change"];
  readonly page: SecurityPageView;
}): ReactNode {
  const t = useTranslations("security.ways");
  const preflight = useTranslations("preflight");
  const unheard = useTranslations("consequence.nobody");
  const { token, preflight: view } = page;
  if (!view) return t("configure.text");
  if (change !== "activate") return t(`${change}.text`);
  const { wouldReject: count, mightReject: maybe } = view;
  const { heard, unchecked, dismissed } = view.forecast;
  if (!heard && count + maybe === 0) return unheard("unheard", { unchecked, dismissed });
  return preflight(token.status === "disabled" ? "would" : "wouldRest", { count, maybe });
}

interface WayButtonProps {
  readonly way: Way;
  readonly status: SecurityPageView["token"]["status"];
  readonly changes: TokenChanges;
}

function WayButton({ way: { change, variant }, status, changes }: WayButtonProps) {
  const t = useTranslations("security.action");
  const samples = useTranslations("security.ways.send")("button");
  if (change === "send") {
    return (
      <ButtonLink variant={variant} href={`#${samplesId}`}>
        {samples}
      </ButtonLink>
    );
  }
  const everywhere = change === "activate" && status !== "disabled";
  return (
    <Button
      variant={variant}
      pending={change === changes.running}
      onClick={() => changes.press(change)}
      onFocus={changes.prepare}
      onPointerEnter={changes.prepare}
    >
      {everywhere ? t("activateAll") : t(change)}
    </Button>
  );
}

interface InReachProps {
  readonly page: SecurityPageView;
  readonly changes: TokenChanges;
  /** What stands beside the button: how things are, in a few words. */
  readonly children: ReactNode;
}

/** On a phone: how things are and the best way on, above the navigation wherever one has scrolled to. */
export function InReach({ page, changes, children }: InReachProps) {
  const [way] = waysOf(page);
  if (!way) return null;
  return (
    <div
      data-in-reach
      className="sticky bottom-[calc(4.25rem+env(safe-area-inset-bottom))] z-20 mt-6 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-surface py-2.5 pr-2.5 pl-4 shadow-float lg:hidden"
    >
      <p className="min-w-0 flex-1 basis-28 font-medium text-pretty">{children}</p>
      <span className="grid grow">
        <WayButton way={way} status={page.token.status} changes={changes} />
      </span>
    </div>
  );
}
