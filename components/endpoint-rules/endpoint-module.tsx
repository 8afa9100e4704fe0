"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { endpointRulesId } from "@/components/instances/samples";
import { useLive } from "@/components/live/use-live";
import { FailureNotice } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { useFocusWhenLost } from "@/components/ui/dialog";
import { ModePill } from "@/components/ui/status";
import { addressStatus } from "@/lib/domain/address-mode";
import type { EndpointRulesView } from "@/lib/domain/endpoint-view";
import type { Reading } from "@/lib/domain/live";
import { AddRule, pathError, RuleGroups } from "./add-rule";
import { EndpointCallersTable } from "./endpoint-callers";
import { type Asked, ChangeDialog } from "./endpoint-dialogs";
import { KindChoice, RuleList } from "./rule-list";
import { SeenEndpoints } from "./seen-endpoints";
import { type EndpointChanges, useEndpointChanges } from "./use-endpoint-changes";

/** The region *Endpoint rules* of an instance's page, kept as things are. */
export function EndpointRules({ initial }: { readonly initial: Reading<EndpointRulesView> }) {
  const t = useTranslations("endpoints");
  const { instanceId } = initial.data;
  const { data: view, refresh } = useLive(
    `/api/instances/endpoints?instanceId=${encodeURIComponent(instanceId)}`,
    initial,
  );
  const [asked, setAsked] = useState<Asked | null>(null);
  const changes = useEndpointChanges(view, setAsked, refresh);
  const { mode, rules, forecast, rejections, mayChange } = view;
  useFocusWhenLost(endpointRulesId, asked !== null, `${mode} ${rules.length}`);
  return (
    <Card aria-labelledby={endpointRulesId}>
      <CardHead
        id={endpointRulesId}
        title={t("title")}
        description={t("description")}
        aside={<ModePill mode={mode}>{t(`status.${addressStatus(mode, rules.length)}`)}</ModePill>}
      />
      <CardBody className="grid gap-5 pt-0 md:pt-0">
        <p className="text-pretty">
          <State view={view} />
        </p>
        {(mayChange || rules.length > 0) && <KindChoice view={view} changes={mayChange ? changes : null} />}
        {rules.length > 0 && <RuleList view={view} changes={mayChange ? changes : null} />}
        {mayChange && <AddRule changes={changes} />}
        {mayChange && view.groups.length > 0 && <RuleGroups view={view} changes={changes} />}
      </CardBody>
      {forecast && <EndpointCallersTable what="would" {...forecast} />}
      {rejections && <EndpointCallersTable what="were" {...rejections} />}
      <SeenEndpoints view={view} changes={mayChange ? changes : null} />
      {mayChange ? <Ladder view={view} changes={changes} /> : <CardFoot note={t("viewer")} />}
      {asked && (
        <ChangeDialog
          view={view}
          asked={asked}
          onDone={() => void refresh()}
          onClose={() => setAsked(null)}
        />
      )}
    </Card>
  );
}

interface ViewProps {
  readonly view: EndpointRulesView;
}

/** What the rules do now, and to whom, in a sentence or two. */
function State({ view: { mode, kind, rules, forecast, rejections } }: ViewProps) {
  const t = useTranslations("endpoints.state");
  const b = (chunks: ReactNode) => <b className="font-semibold text-text">{chunks}</b>;
  if (forecast) {
    const { total, others, passing } = forecast;
    if (total + passing === 0 && !others) return t("unheard");
    return t.rich("observe", { b, total, others: others ? "yes" : "no" });
  }
  if (rejections) return t.rich("enforce", { b, kind, rules: rules.length, total: rejections.total });
  if (mode === "observe") return t("idle");
  return t(rules.length === 0 ? "none" : "off");
}

/** The buttons of the ladder: up by looking first, down at any moment. */
function Ladder({ view, changes }: ViewProps & { readonly changes: EndpointChanges }) {
  const t = useTranslations("endpoints.action");
  const { mode, rules, forecast } = view;
  const { pending, failure, step } = changes;
  const ready = forecast !== null && forecast.total === 0 && !forecast.others;
  const button = (name: Parameters<typeof step>[0], variant: "primary" | "secondary" | "quiet") => (
    <Button variant={variant} pending={pending} onClick={() => step(name)}>
      {t(name)}
    </Button>
  );
  return (
    <>
      {failure && !pathError(failure) && (
        <CardBody className="border-line border-t">
          <FailureNotice live failure={failure} shown={[]} />
        </CardBody>
      )}
      <CardFoot>
        {mode === "off" && button("observe", rules.length > 0 ? "primary" : "secondary")}
        {mode === "observe" && button("stop_observing", "quiet")}
        {mode === "observe" && button("enforce", ready ? "primary" : "secondary")}
        {mode === "enforce" && button("stop_enforcing", "secondary")}
      </CardFoot>
    </>
  );
}
