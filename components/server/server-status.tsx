import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import {
  type CheckState,
  type DoctorReport,
  type Finding,
  type SettingLine,
  worstState,
} from "@/lib/domain/doctor";
import { wordedValues } from "@/lib/domain/told";
import { Card, CardHead, CardRow, PageHeader } from "../ui/card";
import { ButtonLink } from "../ui/link";
import { DataTable, TableCell, TableRow } from "../ui/list";
import { RelativeTime } from "../ui/relative-time";
import { Notice, StatusPill, type Tone } from "../ui/status";

const tones: Readonly<Record<CheckState, Tone>> = { ok: "good", warning: "warn", problem: "bad" };

/** How the server stands: what every check found, with what to do, and every setting. */
export function ServerStatus({ report }: { readonly report: DoctorReport | null }) {
  const t = useTranslations("doctor.page");
  if (!report) {
    return (
      <>
        <PageHeader title={t("title")} />
        <Notice tone="warn" title={t("away.title")}>
          {t("away.text")}
        </Notice>
      </>
    );
  }
  const { findings, settings, checkedAt } = report;
  const state = worstState(findings);
  const count = findings.filter((each) => each.state === state).length;
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={t("lede", { state, count })}
        actions={
          <ButtonLink href="/settings/server" prefetch={false}>
            <RotateCw aria-hidden />
            {t("again")}
          </ButtonLink>
        }
      />
      <div className="grid grid-cols-1 gap-5">
        <Card aria-labelledby="checks">
          <CardHead
            id="checks"
            title={t("checks")}
            description={t("checksText")}
            aside={
              <p className="text-muted">
                {t.rich("checked", { when: () => <RelativeTime date={new Date(checkedAt)} /> })}
              </p>
            }
          />
          <div className="border-line border-t">
            {findings.map((each) => (
              <FindingRow key={`${each.check} ${each.values.name ?? ""}`} finding={each} />
            ))}
          </div>
        </Card>
        <SettingsTable settings={settings} />
      </div>
    </>
  );
}

/** Text in which no option of a command is broken at the end of a line: `--refresh` would begin with one hyphen. */
function Unbroken({ children }: { readonly children: string }) {
  return children.split(/(?<!\S)(--[\w=-]+)/).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <span key={part} className="whitespace-nowrap">
        {part}
      </span>
    ),
  );
}

function FindingRow({ finding: { check, outcome, state, values } }: { readonly finding: Finding }) {
  const t = useTranslations("doctor");
  const failures = useTranslations("failure");
  const worded = wordedValues(values, (name, told) => failures(name as "setting.line", told as never));
  // The compiler cannot know the pairs; a test reads every one.
  const key = (part: string) => `checks.${check}.${outcome}.${part}` as "checks.disk.full.fix";
  const title = (
    <>
      {t(`checks.${check}.title`)}
      <StatusPill tone={tones[state]}>{t(`state.${state}`)}</StatusPill>
    </>
  );
  const text = (
    <>
      <p className="whitespace-pre-line">
        <Unbroken>{t(key("text"), worded as never)}</Unbroken>
      </p>
      {t.has(key("fix")) && (
        <p className="text-text">
          <Unbroken>{t(key("fix"), worded as never)}</Unbroken>
        </p>
      )}
    </>
  );
  return <CardRow title={title} text={text} />;
}

function SettingsTable({ settings }: { readonly settings: readonly SettingLine[] }) {
  const t = useTranslations("doctor");
  const columns = (["setting", "value", "from"] as const).map((id) => ({ id, label: t(`page.${id}`) }));
  return (
    <Card aria-labelledby="variables">
      <CardHead id="variables" title={t("page.settings")} description={t("page.settingsText")} />
      <DataTable caption={t("page.settings")} columns={columns}>
        {settings.map(({ name, value, source }) => (
          <TableRow key={name}>
            <TableCell>
              <code className="wrap-anywhere">{name}</code>
            </TableCell>
            <TableCell label={t("page.value")}>
              {value === null ? (
                <span className="text-muted">{t("notSet")}</span>
              ) : (
                <code className="wrap-anywhere">{value}</code>
              )}
            </TableCell>
            <TableCell label={t("page.from")} className="text-muted">
              {t(`source.${source}`)}
            </TableCell>
          </TableRow>
        ))}
      </DataTable>
    </Card>
  );
}
