"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useId, useState } from "react";
import { InstanceSecretProvider, useInstanceSecret } from "@/components/instances/instance-secret";
import { accountTokenPlaceholder } from "@/components/instances/samples";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { SelectField } from "@/components/ui/field";
import { TextLink } from "@/components/ui/link";
import { Notice, type Tone } from "@/components/ui/status";
import { Tabs } from "@/components/ui/tabs";
import { code, term } from "@/components/ui/text";
import { testServiceAction } from "@/lib/actions/services";
import {
  originUnder,
  pathFor,
  type ServiceInstance,
  type ServiceView,
  type TestMeaning,
  type TestOutcome,
} from "@/lib/domain/service-view";
import { connectTarget, renderCurl, tokenLine } from "./samples";

/** A call of a service's preset that changes nothing. */
interface PresetCall {
  readonly method: string;
  readonly path: string;
  /** The header that names the instance by its credential; null: the path does, or a host name. */
  readonly credentialHeader: string | null;
  /** A path has the credential in it. */
  readonly hasCredential: boolean;
}

interface TryServiceProps {
  readonly service: Pick<ServiceView, "id" | "name" | "upstreamUrl" | "hosts" | "tokenHeader">;
  readonly instances: readonly ServiceInstance[];
  readonly call: PresetCall;
  /** Where instances are called anyway. */
  readonly origin: string;
  readonly mayTest: boolean;
  readonly mayReveal: boolean;
  /** There is no account security token yet. */
  readonly tokenMissing: boolean;
}

/** The last step of a set-up: a call from here to the upstream, a call to copy, and what callers change. */
export function TryService(props: TryServiceProps) {
  const { service, instances, call, origin, mayTest, mayReveal, tokenMissing } = props;
  const t = useTranslations("services.try");
  const id = useId();
  const [chosenId, choose] = useState(instances[0]?.id);
  const chosen = instances.find((each) => each.id === chosenId);
  if (!chosen) return null;
  const host = service.hosts[0] ?? chosen.hosts[0];
  return (
    <Card aria-labelledby={id}>
      <CardHead id={id} title={t("title")} description={t("description")} />
      <CardBody className="grid gap-6 pt-0 md:pt-0">
        {instances.length > 1 && (
          <SelectField
            label={t("instance")}
            name="instance"
            value={chosen.id}
            onChange={choose}
            className="sm:max-w-80"
          >
            {instances.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </SelectField>
        )}
        {mayTest && <TestCall key={chosen.id} service={service} instance={chosen} call={call} />}
        {host === undefined ? (
          <Notice tone="warn">{t("noHost")}</Notice>
        ) : (
          <InstanceSecretProvider
            key={`sample ${chosen.id}`}
            origin={origin}
            instanceId={chosen.id}
            calledId={chosen.id}
            mayReveal={mayReveal}
          >
            <Part
              title={t("sample.title")}
              text={t.rich("sample.text", { term, placeholder: accountTokenPlaceholder })}
            >
              <Sample service={service} instance={chosen} call={call} host={host} origin={origin} />
              {tokenMissing && (
                <p className="text-pretty text-muted">
                  {t.rich("sample.noToken", { link: (text) => <TextLink href="/security">{text}</TextLink> })}
                </p>
              )}
            </Part>
            <CallerChanges service={service} from={service.upstreamUrl} to={originUnder(host, origin)} />
          </InstanceSecretProvider>
        )}
      </CardBody>
    </Card>
  );
}

interface PartProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly children: ReactNode;
}

function Part({ title, text, children }: PartProps) {
  return (
    <section className="grid gap-2">
      <div>
        <h3 className="font-medium">{title}</h3>
        {text && <p className="text-pretty text-muted">{text}</p>}
      </div>
      {children}
    </section>
  );
}

const tones: Readonly<Record<TestMeaning, Tone>> = {
  good: "good",
  page: "warn",
  key: "bad",
  keyless: "idle",
  credential: "bad",
  unknown: "warn",
  elsewhere: "warn",
  limited: "warn",
  broken: "bad",
  other: "warn",
};

interface TestCallProps extends Pick<TryServiceProps, "service" | "call"> {
  readonly instance: ServiceInstance;
}

/** Makes the test call, and says what came of it in plain words. */
function TestCall({ service, instance, call }: TestCallProps) {
  const t = useTranslations("services.try.test");
  const { pending, failure, submit } = useSubmission();
  const [outcome, setOutcome] = useState<TestOutcome | null>(null);
  const path = pathFor(call.path, { label: instance.label, credential: "…" });

  function run() {
    setOutcome(null);
    void submit(
      () => testServiceAction({ serviceId: service.id, instanceId: instance.id }),
      (result) => result.ok && setOutcome(result.data),
    );
  }

  return (
    <Part title={t("title")} text={t.rich("text", { code, call: `${call.method} ${path}` })}>
      <FailureNotice failure={failure} />
      <div>
        <Button variant="primary" pending={pending} onClick={run}>
          {t("run")}
        </Button>
      </div>
      <div role="status">
        {outcome?.kind === "answered" && (
          <Notice tone={tones[outcome.means]} title={t("status", { status: outcome.status })}>
            {t(`means.${outcome.means}`)}
          </Notice>
        )}
        {outcome?.kind === "unanswered" && (
          <Notice tone="bad" title={t("noAnswer")}>
            {t(`why.${outcome.why}`)}
          </Notice>
        )}
        {outcome?.kind === "echo" && <Notice tone="idle">{t("echo")}</Notice>}
      </div>
    </Part>
  );
}

interface SampleProps extends Pick<TryServiceProps, "service" | "call" | "origin"> {
  readonly instance: ServiceInstance;
  readonly host: string;
}

/** The same call as a caller makes it, in two forms; a credential in it is masked, and copies have it. */
function Sample({ service, instance, call, host, origin }: SampleProps) {
  const t = useTranslations("services.try.sample");
  const secret = useInstanceSecret();
  const needsCredential = call.hasCredential || call.credentialHeader !== null;

  function text(credential: string, connectTo: string | null): string {
    const named = call.credentialHeader === null ? [] : [[call.credentialHeader, credential] as const];
    return renderCurl({
      url: originUnder(host, origin) + pathFor(call.path, { label: instance.label, credential }),
      headers: [tokenLine(service.tokenHeader), ...named],
      connectTo,
    });
  }

  async function copied(connectTo: string | null) {
    if (!needsCredential || !secret.canReveal) return text(secret.shownToken, connectTo);
    const credential = await secret.obtain();
    return credential === null ? null : text(credential, connectTo);
  }

  const forms = [
    { id: "name", connectTo: null },
    { id: "before", connectTo: connectTarget(origin) },
  ] as const;
  return (
    <Tabs
      label={t("forms")}
      items={forms.map(({ id, connectTo }) => ({
        id,
        label: t(`form.${id}`),
        content: (
          <figure
            aria-label={t(`form.${id}`)}
            className="flex items-start gap-2 rounded-md border border-line bg-sunken p-2"
          >
            <pre
              translate="no"
              className="min-w-0 flex-1 whitespace-pre-wrap p-1 font-mono text-xs leading-5 wrap-anywhere"
            >
              <code>{text(secret.shownToken, connectTo)}</code>
            </pre>
            <CopyButton size="sm" getValue={() => copied(connectTo)} label={t("copy")} iconOnly />
          </figure>
        ),
      }))}
    />
  );
}

interface CallerChangesProps extends Pick<TryServiceProps, "service"> {
  readonly from: string | null;
  readonly to: string;
}

/** What is to be changed in the programs that call, and what happens until it is. */
function CallerChanges({ service, from, to }: CallerChangesProps) {
  const t = useTranslations("services.try.callers");
  const { tokenHeader } = service;
  return (
    <Part title={t("title")}>
      <ol className="grid list-decimal gap-1.5 pl-5 text-pretty marker:text-muted">
        <li>{from === null ? t.rich("addressTo", { code, to }) : t.rich("address", { code, from, to })}</li>
        <li>
          {tokenHeader === null
            ? t.rich("header", { term })
            : t.rich("keyHeader", { term, header: tokenHeader })}
        </li>
        <li>{t("until")}</li>
        {from !== null && <li>{t.rich("direct", { code, from })}</li>}
      </ol>
    </Part>
  );
}
