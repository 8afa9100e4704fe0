"use client";

import { Plus, TriangleAlert } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog, useFormDialog } from "@/components/shell/form-dialog";
import { type Failure, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { Button } from "@/components/ui/button";
import { SelectField } from "@/components/ui/field";
import { code } from "@/components/ui/text";
import { createInstanceAction } from "@/lib/actions/instances";
import { tokenShortBelow, tokenWeakness } from "@/lib/domain/token-strength";

interface CreateInstanceProps {
  /** The account's services. */
  readonly services: readonly { readonly id: string; readonly name: string }[];
}

/** What callers have already; empty where there is nothing. */
interface Existing {
  readonly serviceId: string;
  /** A label within a service; outside of one, the id in the contract's path. */
  readonly called: string;
  readonly token: string;
  readonly host: string;
}

const nothing: Existing = { serviceId: "", called: "", token: "", host: "" };

/** The button *New instance* with its dialog; leads to the new instance's page. */
export function CreateInstance({ services }: CreateInstanceProps) {
  const t = useTranslations("instances.create");
  const router = useRouter();
  const { failure, show, dialog } = useFormDialog();
  const { submit, leave } = dialog.submission;
  const [name, setName] = useState("");
  const [upstreamUrl, setUpstreamUrl] = useState("");
  const [existing, setExisting] = useState(nothing);
  const { serviceId, called, token, host } = existing;

  function send() {
    void submit(
      () =>
        createInstanceAction({
          name,
          token,
          ...(serviceId ? { serviceId, label: called } : { givenId: called, upstreamUrl }),
          ...(host.trim() && { host }),
        }),
      (result) => result.ok && leave(() => router.push(`/instances/${result.data.instanceId}`)),
    );
  }

  return (
    <>
      <Button variant="primary" onClick={show}>
        <Plus aria-hidden />
        {t("open")}
      </Button>
      <FormDialog
        {...dialog}
        title={t("title")}
        description={t("description")}
        send={send}
        submit={t("submit")}
      >
        <TextField
          label={t("name")}
          name="name"
          hint={t("nameHint")}
          value={name}
          onChange={setName}
          failure={failure}
          required
        />
        {serviceId === "" && (
          <TextField
            label={t("upstream")}
            name="upstreamUrl"
            hint={t("upstreamHint")}
            value={upstreamUrl}
            onChange={setUpstreamUrl}
            failure={failure}
            exact
            inputMode="url"
            placeholder={t("upstreamPlaceholder")}
          />
        )}
        <ExistingFields
          services={services}
          name={name}
          existing={existing}
          change={setExisting}
          failure={failure}
        />
      </FormDialog>
    </>
  );
}

interface ExistingFieldsProps extends CreateInstanceProps {
  readonly name: string;
  readonly existing: Existing;
  readonly change: (existing: Existing) => void;
  readonly failure: Failure | null;
}

const existingFields = ["label", "givenId", "token", "host"] as const;

/** What the API's callers have already, folded away: most instances are new. */
function ExistingFields({ services, name, existing, change, failure }: ExistingFieldsProps) {
  const t = useTranslations("instances.create");
  const fieldMessage = useFieldMessage();
  const { serviceId, called, token } = existing;
  const weakness = token === "" ? null : tokenWeakness(token, [name, called]);
  const refused = existingFields.some((field) => fieldError(failure, field));
  const part = (field: keyof Existing) => ({
    value: existing[field],
    onChange: (value: string) => change({ ...existing, [field]: value }),
    failure,
    exact: true,
  });
  return (
    <details open={refused || undefined}>
      <summary className="w-fit cursor-pointer font-medium">{t("existing")}</summary>
      <div className="mt-4 grid gap-5">
        <p className="text-pretty text-muted">{t("existingHint")}</p>
        {services.length > 0 && (
          <SelectField
            label={t("service")}
            name="serviceId"
            value={serviceId}
            onChange={(value) => change({ ...existing, serviceId: value })}
          >
            <option value="">{t("serviceNone")}</option>
            {services.map(({ id, name: service }) => (
              <option key={id} value={id}>
                {service}
              </option>
            ))}
          </SelectField>
        )}
        <TextField
          label={serviceId ? t("label") : t("givenId")}
          name={serviceId ? "label" : "givenId"}
          hint={serviceId ? t("labelHint") : t.rich("givenIdHint", { code, i: (chunks) => <i>{chunks}</i> })}
          {...part("called")}
        />
        <TextField
          label={t("token")}
          name="token"
          hint={
            weakness && (
              <span className="flex gap-1.5 text-warn">
                <TriangleAlert aria-hidden className="mt-[3px] size-3.5 shrink-0" />
                {fieldMessage({ field: "token", code: weakness, params: { min: tokenShortBelow } })}
              </span>
            )
          }
          {...part("token")}
        />
        <TextField label={t("host")} name="host" hint={t("hostHint")} {...part("host")} />
      </div>
    </details>
  );
}
