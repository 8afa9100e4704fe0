"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { Tabs } from "@/components/ui/tabs";
import { useInstanceSecret } from "./instance-secret";
import { renderSample, type SampleLanguage, sampleLanguages } from "./samples";

interface CallSamplesProps {
  /** Whose calls these are. */
  readonly name: string;
  /** What is called under the base URL; starts with a slash. */
  readonly path: string;
}

/** One call in five languages, with the reader's own URL. The token is masked until revealed; copies have it. */
export function CallSamples({ name, path }: CallSamplesProps) {
  const t = useTranslations("instances.samples");
  const items = sampleLanguages.map((language) => ({
    id: language,
    label: t(`language.${language}`),
    content: <Sample language={language} name={name} path={path} />,
  }));
  return <Tabs label={t("tabs")} items={items} />;
}

function Sample({ language, name, path }: CallSamplesProps & { readonly language: SampleLanguage }) {
  const t = useTranslations("instances.samples");
  const secret = useInstanceSecret();
  const label = t("label", { language: t(`language.${language}`) });

  async function sample() {
    const url = await secret.obtainUrl();
    return url === null ? null : renderSample(language, { url: url + path, name });
  }

  const masked = secret.canReveal && secret.visible === null;
  return (
    <div className="grid gap-2">
      <figure
        aria-label={label}
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
          copiedLabel={t("copied")}
          failedLabel={t("copyFailed")}
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
