"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { ConsequenceDialog } from "@/components/consequence/consequence-dialog";
import { HeaderFields, useHeaderRows } from "@/components/instances/header-fields";
import { AnswerStyleField } from "@/components/shell/answer-style";
import { nameTag } from "@/components/shell/deletion-dialog";
import { FailureNotice } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardFoot } from "@/components/ui/card";
import { code, Effects, term } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { changeServiceAction, forecastServiceAction } from "@/lib/actions/services";
import type { PresetOffer } from "@/lib/domain/preset";
import type { ServiceView } from "@/lib/domain/service-view";
import { FormPart, LinesField, linesOf } from "./form-parts";
import { PresetRoutes } from "./preset-routes";
import { RouteList, RouteRows, toRoute, toRouteRows } from "./route-rows";

interface ServiceFormProps {
  readonly service: ServiceView;
  /** What its preset has by now; null: the same. */
  readonly offer: PresetOffer | null;
  /** What counts without a value. */
  readonly defaultFirstByteSeconds: number;
  /** Where DNS of host names has to lead. */
  readonly ownHost: string;
}

/** Everything of a service that can be changed, saved as a whole. */
export function ServiceForm({ service, offer, defaultFirstByteSeconds, ownHost }: ServiceFormProps) {
  const t = useTranslations("services.form");
  const asked = useTranslations("services.ask");
  const upstream = useTranslations("instances.upstream.ask");
  const { pending, failure, form, submit } = useSubmission();
  const [asking, setAsking] = useState(false);
  const [text, setText] = useState({
    name: service.name,
    upstreamUrl: service.upstreamUrl ?? "",
    firstByteSeconds: String(service.firstByteSeconds ?? ""),
    tokenHeader: service.tokenHeader ?? "",
  });
  const [hosts, setHosts] = useState(service.hosts.join("\n"));
  const [answerStyle, setAnswerStyle] = useState(service.answerStyle);
  const [stray, setStray] = useState(service.strayParameters.join("\n"));
  const { fields, headers, unchanged, settle } = useHeaderRows(service.headerNames);
  const [routes, setRoutes] = useState(() => toRouteRows(service.routes));

  function take({ routes: offered, strayParameters }: PresetOffer) {
    setRoutes(toRouteRows(offered));
    setStray(strayParameters.join("\n"));
  }

  const input = {
    serviceId: service.id,
    ...text,
    hosts: linesOf(hosts),
    answerStyle,
    headers,
    routes: routes.map(toRoute),
    strayParameters: linesOf(stray),
  };

  /** Asks first where callers may be turned away, or are led elsewhere. */
  async function ask() {
    const found = await submit(() => forecastServiceAction(input));
    if (!found) return;
    if (!found.ok) settle(found);
    else if (found.data !== null) setAsking(true);
    else
      void submit(
        () => changeServiceAction(input),
        (result) => (result.ok ? saved() : settle(result)),
      );
  }

  function saved() {
    settle({ ok: true, data: null });
    setAsking(false);
    toast.success(t("saved"));
  }

  function field(name: keyof typeof text, hint: ReactNode, mono = false) {
    return (
      <TextField
        label={t(name)}
        name={name}
        value={text[name]}
        onChange={(value) => setText({ ...text, [name]: value })}
        failure={failure}
        hint={hint}
        exact={name !== "name"}
        inputMode={name === "firstByteSeconds" ? "numeric" : undefined}
        className={mono ? "font-mono" : undefined}
      />
    );
  }

  const naming = [input.hosts, input.tokenHeader, input.routes, input.strayParameters];
  const now = [service.hosts, service.tokenHeader ?? "", toRouteRows(service.routes).map(toRoute)];
  const isNamedElse = JSON.stringify(naming) !== JSON.stringify([...now, service.strayParameters]);
  const isLed = text.upstreamUrl.trim() !== (service.upstreamUrl ?? "");
  const led = isLed
    ? upstream("description", {
        echo: text.upstreamUrl.trim() === "" ? "yes" : "no",
        upstream: text.upstreamUrl.trim(),
      })
    : !unchanged && upstream("headers");
  return (
    <>
      <form ref={form} action={() => void ask()} noValidate className="grid gap-5">
        <FormPart title={t("upstreamTitle")} description={t("upstreamText")}>
          {field("name", t("nameHint"))}
          {field("upstreamUrl", t("upstreamUrlHint"))}
          <HeaderFields {...fields} hint={t("headersHint")} failure={failure} />
          {field("firstByteSeconds", t("firstByteHint", { seconds: defaultFirstByteSeconds }))}
        </FormPart>
        <FormPart title={t("callersTitle")} description={t("callersText")}>
          <LinesField
            label={t("hosts")}
            name="hosts"
            value={hosts}
            onChange={setHosts}
            failure={failure}
            hint={t("hostsHint", { host: ownHost })}
          />
          {field("tokenHeader", t.rich("tokenHeaderHint", { term }), true)}
          <AnswerStyleField value={answerStyle} onChange={setAnswerStyle} />
        </FormPart>
        <FormPart title={t("routesTitle")} description={t.rich("routesText", { code })}>
          {offer && <PresetRoutes offer={offer} onTake={() => take(offer)} />}
          <RouteRows rows={routes} onChange={setRoutes} failure={failure} />
          <LinesField
            label={t("stray")}
            name="strayParameters"
            value={stray}
            onChange={setStray}
            failure={failure}
            hint={t("strayHint")}
          />
        </FormPart>
        <FailureNotice failure={failure} />
        <Card as="div">
          <CardFoot note={t("note")} className="border-t-0">
            <Button type="submit" variant="primary" pending={pending}>
              {t("submit")}
            </Button>
          </CardFoot>
        </Card>
      </form>
      {asking && (
        <ConsequenceDialog
          title={<span className="wrap-anywhere">{asked("title", { name: service.name })}</span>}
          description={led && <span className="wrap-anywhere">{led}</span>}
          read={() => forecastServiceAction(input)}
          nameLabel={asked.rich("confirm", { value: service.name, name: nameTag })}
          submit={t("submit")}
          problemOf={(refused) => <FailureNotice failure={refused} shown={["confirmation"]} />}
          run={(confirmation, named) => changeServiceAction({ ...input, confirmation, named })}
          onDone={saved}
          onClose={() => setAsking(false)}
        >
          <Effects>
            {isNamedElse && (
              <>
                <li>{asked.rich("answer", { code })}</li>
                <li>{asked("unknown")}</li>
              </>
            )}
            <li>{asked("undo")}</li>
          </Effects>
        </ConsequenceDialog>
      )}
    </>
  );
}

/** How a service is called and where it leads, for those who may look but not change. */
export function ServiceSummary({ service }: { readonly service: ServiceView }) {
  const t = useTranslations("services.form");
  const { hosts, headerNames, tokenHeader } = service;
  return (
    <>
      <FormPart title={t("callersTitle")} description={t("callersText")}>
        <div className="grid gap-1 wrap-anywhere">
          {hosts.map((host) => (
            <p key={host}>{host}</p>
          ))}
          {tokenHeader !== null && (
            <p className="text-muted">{t.rich("takesToken", { term, header: tokenHeader })}</p>
          )}
          {headerNames.length > 0 && (
            <p className="text-muted">{t("headersList", { names: headerNames.join(", ") })}</p>
          )}
        </div>
      </FormPart>
      <FormPart title={t("routesTitle")} description={t.rich("routesText", { code })}>
        <RouteList routes={service.routes} />
      </FormPart>
    </>
  );
}
