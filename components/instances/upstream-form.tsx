"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { ConsequenceCallers } from "@/components/consequence/affected-callers";
import { AnswerStyleField } from "@/components/shell/answer-style";
import { FailureNotice } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { TextLink } from "@/components/ui/link";
import { toast } from "@/components/ui/toaster";
import { changeUpstreamAction, forecastInstanceChangeAction } from "@/lib/actions/instances";
import type { Consequence } from "@/lib/domain/caller-view";
import { concernsNobody } from "@/lib/domain/consequence";
import type { InstanceDetail } from "@/lib/domain/instance";
import { HeaderFields, useHeaderRows } from "./header-fields";

interface UpstreamFormProps {
  readonly instance: InstanceDetail;
  /** What counts without a value. */
  readonly defaultFirstByteSeconds: number;
}

/** Where an instance's calls go and which headers they get. Stored values are kept unless replaced. */
export function UpstreamForm({ instance, defaultFirstByteSeconds }: UpstreamFormProps) {
  const t = useTranslations("instances.upstream");
  const common = useTranslations("common");
  const { pending, failure, form, submit, clear } = useSubmission();
  const [asking, setAsking] = useState<Consequence | null>(null);
  const { service } = instance;
  // One of a service has no upstream of its own.
  const ownUrl = service === null ? (instance.upstreamUrl ?? "") : "";
  const [url, setUrl] = useState(ownUrl);
  const [firstByteSeconds, setFirstByteSeconds] = useState(String(instance.firstByteSeconds ?? ""));
  const [answerStyle, setAnswerStyle] = useState(instance.answerStyle);
  const { fields, headers, unchanged, settle } = useHeaderRows(instance.headerNames);
  const id = useId();

  /** Asks first where the calls of somebody are led elsewhere, or get other headers. */
  async function ask() {
    const { id: instanceId } = instance;
    if (url.trim() === ownUrl && unchanged) return save();
    const found = await submit(() => forecastInstanceChangeAction({ instanceId, change: "upstream" }));
    if (!found?.ok) return;
    if (concernsNobody(found.data)) save();
    else setAsking(found.data);
  }

  function save() {
    const input = {
      instanceId: instance.id,
      upstreamUrl: url,
      headers,
      firstByteSeconds,
      ...(answerStyle !== null && { answerStyle }),
    };
    void submit(
      () => changeUpstreamAction(input),
      (result) => {
        // What is refused stands beside its field.
        setAsking(null);
        settle(result);
        if (result.ok) toast.success(t("saved"));
      },
    );
  }

  function leave() {
    clear();
    setAsking(null);
  }

  return (
    <Card aria-labelledby={`${id}-title`}>
      <form ref={form} action={() => void ask()} noValidate>
        <CardHead id={`${id}-title`} title={t("title")} description={t("description")} />
        <CardBody className="grid gap-6 pt-0 md:pt-0">
          <FailureNotice failure={failure} />
          {service === null ? (
            <TextField
              label={t("url")}
              name="upstreamUrl"
              hint={t("urlHint")}
              value={url}
              onChange={setUrl}
              failure={failure}
              exact
              inputMode="url"
              placeholder={t("urlPlaceholder")}
            />
          ) : (
            <p className="wrap-anywhere">
              {t.rich("byService", {
                upstream: instance.upstreamUrl ?? "",
                echo: instance.upstreamUrl === null ? "yes" : "no",
                name: service.name,
                link: (chunks) => <TextLink href={`/services/${service.id}`}>{chunks}</TextLink>,
              })}
            </p>
          )}
          <HeaderFields {...fields} hint={t("headersHint")} failure={failure} />
          <TextField
            label={t("firstByte")}
            name="firstByteSeconds"
            hint={t("firstByteHint", { seconds: defaultFirstByteSeconds })}
            value={firstByteSeconds}
            onChange={setFirstByteSeconds}
            failure={failure}
            inputMode="numeric"
            placeholder={String(defaultFirstByteSeconds)}
            className="max-w-32"
          />
          {answerStyle !== null && <AnswerStyleField value={answerStyle} onChange={setAnswerStyle} />}
        </CardBody>
        <CardFoot note={t("note")}>
          <Button type="submit" pending={pending} className="shrink-0">
            {t("submit")}
          </Button>
        </CardFoot>
      </form>
      {asking && (
        <Dialog
          open
          size="lg"
          onOpenChange={leave}
          title={<span className="wrap-anywhere">{t("ask.title", { name: instance.name })}</span>}
          description={
            <span className="wrap-anywhere">
              {service === null
                ? t("ask.description", { echo: url.trim() === "" ? "yes" : "no", upstream: url.trim() })
                : t("ask.headers")}
            </span>
          }
        >
          <ConsequenceCallers consequence={asking} />
          <DialogActions>
            <Button data-autofocus onClick={leave}>
              {common("cancel")}
            </Button>
            <Button variant="primary" pending={pending} onClick={save}>
              {t("ask.submit")}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Card>
  );
}

/** Where calls go, for those who may look but not change. */
export function UpstreamSummary({ instance }: { readonly instance: InstanceDetail }) {
  const t = useTranslations("instances.upstream");
  const format = useFormatter();
  const headingId = useId();
  const { upstreamUrl, headerNames } = instance;
  return (
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={t("title")} description={t("description")} />
      <CardBody className="grid gap-1 pt-0 md:pt-0 wrap-anywhere">
        <p>{upstreamUrl ?? t("viewerEcho")}</p>
        {headerNames.length > 0 && (
          <p className="text-muted">
            {t("headersList", { names: format.list(headerNames, { type: "unit" }) })}
          </p>
        )}
      </CardBody>
    </Card>
  );
}
