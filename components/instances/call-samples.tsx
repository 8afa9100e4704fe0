"use client";

import { useTranslations } from "next-intl";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Tabs } from "@/components/ui/tabs";
import { term } from "@/components/ui/text";
import type { InstanceProtection } from "@/lib/domain/enforcement";
import { useInstanceSecret } from "./instance-secret";
import {
  accountTokenPlaceholder,
  callCardId,
  renderSample,
  type SampleLanguage,
  sampleLanguages,
} from "./samples";

interface CallSamplesProps {
  /** Whose calls these are. */
  readonly name: string;
  /** The built-in echo answers, so any path can be tried. */
  readonly echo: boolean;
}

/** Sample calls of one instance. */
export function CallCard({
  protection,
  ...of
}: CallSamplesProps & { readonly protection: InstanceProtection }) {
  const t = useTranslations("instances.samples");
  const enforced = protection !== "open";
  const values = { term, placeholder: accountTokenPlaceholder };
  return (
    <Card aria-labelledby={callCardId}>
      <CardHead
        id={callCardId}
        title={t("title")}
        description={enforced ? t.rich("descriptionActive", values) : t.rich("description", values)}
      />
      <CardBody className="pt-0 md:pt-0">
        <CallSamples {...of} />
      </CardBody>
    </Card>
  );
}

/** One call in five languages, with the reader's own URL. The token is masked until revealed; copies have it. */
export function CallSamples(of: CallSamplesProps) {
  const t = useTranslations("instances.samples");
  const items = sampleLanguages.map((language) => ({
    id: language,
    label: t(`language.${language}`),
    content: <Sample language={language} {...of} />,
  }));
  return <Tabs label={t("tabs")} items={items} />;
}

function Sample({ language, name, echo }: CallSamplesProps & { readonly language: SampleLanguage }) {
  const t = useTranslations("instances.samples");
  const secret = useInstanceSecret();
  // The echo takes any path, an upstream knows at least its root.
  const path = echo ? "/hello" : "/";

  async function sample() {
    const url = await secret.obtainUrl();
    return url === null ? null : renderSample(language, { url: url + path, name });
  }

  const masked = secret.canReveal && secret.visible === null;
  return (
    <div className="grid gap-2">
      <figure
        aria-label={t("label", { language: t(`language.${language}`) })}
        className="flex items-start gap-2 rounded-md border border-line bg-sunken p-2"
      >
        <pre
          translate="no"
          className="min-w-0 flex-1 whitespace-pre-wrap p-1 font-mono text-xs leading-5 wrap-anywhere"
        >
          <code>{renderSample(language, { url: secret.shownUrl + path, name })}</code>
        </pre>
        <CopyButton
          size="sm"
          getValue={sample}
          label={t("copy", { language: t(`language.${language}`) })}
          iconOnly
        />
      </figure>
      <p className="text-pretty text-muted">
        {language === "n8n" && `${t("n8nHint")} `}
        {masked && t("masked")}
      </p>
    </div>
  );
}
