"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice, fieldError } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardFoot } from "@/components/ui/card";
import { ButtonLink } from "@/components/ui/link";
import { term } from "@/components/ui/text";
import { setUpServiceAction } from "@/lib/actions/services";
import type { NamingNeeds } from "@/lib/domain/service-view";
import { FirstInstances, newRow, toInstances } from "./first-instances";
import { FormPart, LinesField, linesOf } from "./form-parts";

/** What the form needs to know of a preset. */
interface PresetFacts {
  readonly id: string;
  readonly name: string;
  readonly port: number | null;
  readonly upstream: string | null;
  /** The header of one key for everything; null: it takes none. */
  readonly keyHeader: string | null;
  readonly needs: NamingNeeds;
}

interface SetUpFormProps {
  readonly preset: PresetFacts;
  /** Names one label below it lead here; null: no domain is set aside. */
  readonly domain: string | null;
  /** Where the dashboard is reached, which the names' DNS has to lead to. */
  readonly ownHost: string;
}

/** Where a service leads, how it is called, its key and its first instances, on one page. */
export function SetUpForm({ preset, domain, ownHost }: SetUpFormProps) {
  const t = useTranslations("services.setUp");
  const router = useRouter();
  const { pending, failure, form, submit, leave } = useSubmission();
  const { needs } = preset;
  const isAny = preset.id === "any";
  const called = isAny ? t("anyName") : preset.name;
  const [ownKeyHeader, setOwnKeyHeader] = useState("");
  const keyHeader = isAny ? ownKeyHeader.trim().toLowerCase() || null : preset.keyHeader;
  const [name, setName] = useState(isAny ? "" : preset.name);
  const [upstreamUrl, setUpstreamUrl] = useState(preset.upstream ?? "");
  const [hosts, setHosts] = useState("");
  const [key, setKey] = useState("");
  const [inKeyHeader, setInKeyHeader] = useState(true);
  const [rows, setRows] = useState(() => [newRow(0)]);
  // Where a known API wants a key and none is given, nothing could take the token's place again.
  const mayTakeToken = keyHeader !== null && keyHeader !== "client-token" && (isAny || key !== "");

  function send() {
    const input = {
      name,
      preset: preset.id,
      upstreamUrl,
      hosts: linesOf(hosts),
      headers: keyHeader === null || key === "" ? [] : [{ name: keyHeader, value: key }],
      tokenHeader: mayTakeToken && inKeyHeader ? keyHeader : "",
      instances: toInstances(rows, needs),
    };
    void submit(
      () => setUpServiceAction(input),
      (result) => result.ok && leave(() => router.push(`/services/${result.data.serviceId}?new`)),
    );
  }

  // Both a stored header and the header of the token have this name.
  const keyHeaderField = fieldError(failure, "headers.0.name") ? "headers.0.name" : "tokenHeader";
  const hostHint = domain === null ? t("hosts.dns", { host: ownHost }) : t("hosts.below", { domain });
  const takesToken = mayTakeToken && (
    <label className="flex items-start gap-2.5">
      <input
        type="checkbox"
        checked={inKeyHeader}
        onChange={(event) => setInKeyHeader(event.target.checked)}
        className="mt-1 accent-accent"
      />
      <span>
        <span className="font-medium">{t.rich("tokenHeader.label", { header: keyHeader, term })}</span>
        <span className="block text-pretty text-muted">
          {t.rich("tokenHeader.hint", { header: keyHeader, term })}
        </span>
      </span>
    </label>
  );
  return (
    <form ref={form} action={send} noValidate className="grid gap-5">
      <FailureNotice failure={failure} />
      <FormPart
        title={t("upstream.title")}
        description={t(preset.keyHeader || isAny ? "upstream.description" : "upstream.descriptionOnly", {
          name: called,
        })}
      >
        <TextField
          label={t("name")}
          name="name"
          value={name}
          onChange={setName}
          failure={failure}
          hint={t("nameHint")}
          required
        />
        <TextField
          label={t("upstream.url")}
          name="upstreamUrl"
          value={upstreamUrl}
          onChange={setUpstreamUrl}
          failure={failure}
          hint={
            preset.port === null
              ? t("upstream.hint")
              : t("upstream.port", { name: preset.name, port: String(preset.port) })
          }
          exact
          inputMode="url"
          placeholder={preset.port === null ? "https://api.example.com" : `http://192.0.2.10:${preset.port}`}
          required
        />
        {isAny && (
          <TextField
            label={t("key.header")}
            name={keyHeaderField}
            value={ownKeyHeader}
            onChange={setOwnKeyHeader}
            failure={failure}
            hint={t("key.headerHint")}
            exact
            className="font-mono"
          />
        )}
        {keyHeader !== null && (
          <TextField
            label={t.rich("key.label", { header: keyHeader, term })}
            name="headers.0.value"
            value={key}
            onChange={setKey}
            failure={failure}
            hint={keyHeader === "authorization" ? t("key.hintScheme") : t("key.hint")}
            exact
            className="font-mono"
          />
        )}
        {needs.host && takesToken}
      </FormPart>
      {!needs.host && (
        <FormPart title={t("hosts.title")} description={t("hosts.description")}>
          <LinesField
            label={t("hosts.label")}
            name="hosts"
            value={hosts}
            onChange={setHosts}
            failure={failure}
            hint={hostHint}
            placeholder={`${preset.id}.${domain ?? "example.com"}`}
          />
          {takesToken}
        </FormPart>
      )}
      <FormPart
        title={t("instances.title")}
        description={needs.host ? t("instances.byHost") : t("instances.description")}
      >
        <FirstInstances
          rows={rows}
          onChange={setRows}
          needs={needs}
          failure={failure}
          hostPlaceholder={`shop.${domain ?? "example.com"}`}
          hostHint={hostHint}
        />
      </FormPart>
      <Card as="div">
        <CardFoot note={t("note")} className="border-t-0">
          <ButtonLink href="/services/new">{t("back")}</ButtonLink>
          <Button type="submit" variant="primary" pending={pending}>
            {t("submit")}
          </Button>
        </CardFoot>
      </Card>
    </form>
  );
}
