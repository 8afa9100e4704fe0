"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { HeaderFields } from "@/components/instances/header-fields";
import * as headers from "@/components/instances/header-rows";
import { AnswerStyleField } from "@/components/shell/answer-style";
import { FailureNotice, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardFoot } from "@/components/ui/card";
import { code, term } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { changeServiceAction } from "@/lib/actions/services";
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
  const message = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [text, setText] = useState({
    name: service.name,
    upstreamUrl: service.upstreamUrl ?? "",
    firstByteSeconds: String(service.firstByteSeconds ?? ""),
    tokenHeader: service.tokenHeader ?? "",
  });
  const [hosts, setHosts] = useState(service.hosts.join("\n"));
  const [answerStyle, setAnswerStyle] = useState(service.answerStyle);
  const [stray, setStray] = useState(service.strayParameters.join("\n"));
  const [rows, setRows] = useState(() => headers.storedRows(service.headerNames));
  const [rowErrors, setRowErrors] = useState(headers.noErrors);
  const [routes, setRoutes] = useState(() => toRouteRows(service.routes));

  function take({ routes: offered, strayParameters }: PresetOffer) {
    setRoutes(toRouteRows(offered));
    setStray(strayParameters.join("\n"));
  }

  function save() {
    const sent = rows;
    const input = {
      serviceId: service.id,
      ...text,
      hosts: linesOf(hosts),
      answerStyle,
      headers: headers.toHeaders(sent),
      routes: routes.map(toRoute),
      strayParameters: linesOf(stray),
    };
    void submit(
      () => changeServiceAction(input),
      (result) => {
        const errors = result.ok ? headers.noErrors : headers.errorsByRow(sent, result.fields);
        setRowErrors(errors);
        setRows(result.ok ? headers.afterSaving : (now) => headers.openRefused(now, errors));
        if (result.ok) toast.success(t("saved"));
      },
    );
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

  return (
    <form ref={form} action={save} noValidate className="grid gap-5">
      <FormPart title={t("upstreamTitle")} description={t("upstreamText")}>
        {field("name", t("nameHint"))}
        {field("upstreamUrl", t("upstreamUrlHint"))}
        <HeaderFields
          rows={rows}
          onChange={setRows}
          errors={rowErrors}
          hint={t("headersHint")}
          error={message(fieldError(failure, "headers"))}
        />
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
