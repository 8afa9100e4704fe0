import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type Step, Steps } from "@/components/ui/steps";
import { WrapText } from "@/components/ui/text";

const steps = ["choose", "describe", "try"] as const;

/** How far the set-up of a service has come. */
export function SetUpSteps({ now }: { readonly now: (typeof steps)[number] }) {
  const t = useTranslations("services.setUp.steps");
  const at = steps.indexOf(now);
  const items = steps.map(
    (id, index): Step => ({
      id,
      title: t(`${id}.title`),
      text: t(`${id}.text`),
      state: index < at ? "done" : index === at ? "now" : "later",
    }),
  );
  return (
    <div className="mb-5 overflow-hidden rounded-lg border border-line bg-surface [&>ol]:border-y-0">
      <Steps items={items} label={t("label")} doneLabel={t("done")} />
    </div>
  );
}

/** What a preset is called in its reader's language. Products keep their names; two are no product. */
export function presetTitle(
  t: ReturnType<typeof useTranslations<"services.presets">>,
  id: string,
  { name }: { readonly name: string },
): string {
  if (id === "any") return t("any");
  return id === "whatsapp-web-js" ? t("whatsappWebJs") : name;
}

interface ChoosePresetProps {
  /** With a path by which its requests are known again; null: by host name alone. */
  readonly presets: readonly {
    readonly id: string;
    readonly name: string;
    readonly example: string | null;
  }[];
}

/** What a service can be put in front of. */
export function ChoosePreset({ presets }: ChoosePresetProps) {
  const t = useTranslations("services.setUp");
  return (
    <ul className="grid gap-3 sm:grid-cols-2">
      {presets.map(({ id, name, example }) => (
        <li key={id} className="min-w-0">
          <Link
            href={`/services/new?preset=${id}`}
            className="flex h-full items-center justify-between gap-3 rounded-lg border border-line bg-surface px-4 py-3 hover:border-line-control"
          >
            <span className="min-w-0">
              <span className="block font-medium">{name}</span>
              {example === null ? (
                <span className="block text-muted">{t("byHost")}</span>
              ) : (
                <code translate="no" className="block font-mono text-muted text-xs">
                  <WrapText>{example}</WrapText>
                </code>
              )}
            </span>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-muted" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
