"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { ConsequenceDialog } from "@/components/consequence/consequence-dialog";
import { useInstanceSecret } from "@/components/instances/instance-secret";
import { nameTag } from "@/components/shell/deletion-dialog";
import { FailureNotice } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { CopyField } from "@/components/ui/copy-button";
import { TextLink } from "@/components/ui/link";
import { Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { changeInstanceNamingAction, forecastInstanceNamingAction } from "@/lib/actions/services";
import type { InstanceDetail } from "@/lib/domain/instance";
import { originUnder, pathFor } from "@/lib/domain/service-view";
import { LinesField, linesOf } from "./form-parts";

/** Host names of a service whose addresses are written out. */
const mostAddresses = 3;

interface NamingCardProps {
  readonly instance: InstanceDetail;
  /** A path of the service's preset, with its placeholders. */
  readonly example: string | null;
  /** Where instances are called anyway. */
  readonly origin: string;
  /** Where DNS of host names has to lead. */
  readonly ownHost: string;
  readonly mayChange: boolean;
}

/** By which names an instance is called besides its own base URL, and what they are. */
export function NamingCard({ instance, example, origin, ownHost, mayChange }: NamingCardProps) {
  const t = useTranslations("services.naming");
  const id = useId();
  const { service, hosts } = instance;
  if (!mayChange && service === null && hosts.length === 0) return null;
  return (
    <Card aria-labelledby={id}>
      <CardHead
        id={id}
        title={t("title")}
        description={
          service === null
            ? t("withoutService")
            : t.rich("withService", {
                name: service.name,
                link: (chunks) => <TextLink href={`/services/${service.id}`}>{chunks}</TextLink>,
              })
        }
      />
      <Addresses instance={instance} example={example} origin={origin} />
      {mayChange && <NamingForm instance={instance} ownHost={ownHost} />}
    </Card>
  );
}

/** The addresses that callers have, ready to be copied. */
function Addresses({ instance, example, origin }: Pick<NamingCardProps, "instance" | "example" | "origin">) {
  const t = useTranslations("services.naming");
  const secret = useInstanceSecret();
  const { service, label, hosts } = instance;
  const path = (credential: string) => (example === null ? "" : pathFor(example, { label, credential }));
  const isNamed = service !== null && example !== null && (label !== null || !example.includes("{instance}"));
  const under = isNamed ? service.hosts.slice(0, mostAddresses) : [];
  if (under.length === 0 && hosts.length === 0) return null;
  const hasCredential = example?.includes("{token}") ?? false;

  async function copied(host: string) {
    const credential = hasCredential && secret.canReveal ? await secret.obtain() : secret.shownToken;
    return credential === null ? null : originUnder(host, origin) + path(credential);
  }

  return (
    <CardBody className="grid gap-5 pt-0 md:pt-0">
      {under.map((host) => (
        <CopyField
          key={host}
          label={t("under", { host })}
          value={originUnder(host, origin) + path(secret.shownToken)}
          copyLabel={t("copy", { host })}
          getValue={() => copied(host)}
          hint={t("underHint")}
        />
      ))}
      {hosts.map((host) => (
        <CopyField
          key={host}
          label={t("own", { host })}
          value={originUnder(host, origin)}
          copyLabel={t("copy", { host })}
          hint={t("ownHint")}
        />
      ))}
    </CardBody>
  );
}

/** Changes the name within the service and the host names of the instance's own. */
function NamingForm({ instance, ownHost }: Pick<NamingCardProps, "instance" | "ownHost">) {
  const t = useTranslations("services.naming");
  const { pending, failure, form, submit } = useSubmission();
  const [label, setLabel] = useState(instance.label ?? "");
  const [hosts, setHosts] = useState(instance.hosts.join("\n"));
  const asked = useTranslations("services.ask");
  const [asking, setAsking] = useState(false);
  const { id: instanceId, name } = instance;
  const input = { instanceId, label: label.trim(), hosts: linesOf(hosts) };

  /** Asks first where callers may be turned away. */
  async function ask() {
    const found = await submit(() => forecastInstanceNamingAction(input));
    if (!found?.ok) return;
    if (found.data !== null) setAsking(true);
    else
      void submit(
        () => changeInstanceNamingAction(input),
        (result) => result.ok && saved(),
      );
  }

  function saved() {
    setAsking(false);
    toast.success(t("saved"));
  }

  return (
    <>
      <form ref={form} action={() => void ask()} noValidate>
        <CardBody className="grid gap-5 pt-0 md:pt-0">
          <FailureNotice failure={failure} />
          {instance.service !== null && (
            <TextField
              label={t("label")}
              name="label"
              value={label}
              onChange={setLabel}
              failure={failure}
              hint={t("labelHint")}
              exact
              className="font-mono"
            />
          )}
          <LinesField
            label={t("hosts")}
            name="hosts"
            value={hosts}
            onChange={setHosts}
            failure={failure}
            hint={t("hostsHint", { host: ownHost })}
          />
        </CardBody>
        <CardFoot note={t("note")}>
          <Button type="submit" pending={pending}>
            {t("submit")}
          </Button>
        </CardFoot>
      </form>
      {asking && (
        <ConsequenceDialog
          title={<span className="wrap-anywhere">{t("ask.title", { name })}</span>}
          read={() => forecastInstanceNamingAction(input)}
          nameLabel={asked.rich("confirm", { value: name, name: nameTag })}
          field="confirmName"
          submit={t("submit")}
          problemOf={(refused) => <FailureNotice failure={refused} shown={["confirmName"]} />}
          run={(confirmName, named) => changeInstanceNamingAction({ ...input, confirmName, named })}
          onDone={saved}
          onClose={() => setAsking(false)}
        >
          <Effects>
            <li>{t("ask.answer")}</li>
            <li>{asked("unknown")}</li>
            <li>{t("ask.undo")}</li>
          </Effects>
        </ConsequenceDialog>
      )}
    </>
  );
}
