import type { CheckState, DoctorReport, Finding } from "@/lib/domain/doctor";
import { worstState } from "@/lib/domain/doctor";
import { defineCommand, UsageError } from "./command";
import { columns } from "./command-help";
import { refreshAdvisories } from "./doctor/advisories";
import { examine } from "./doctor/examine";
import { openEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { openDataDirectory } from "./folders";
import { loadConfig } from "./settings";
import { StartError } from "./terminal";
import { findingWords, notSet, sourceWords, words } from "./words";

function tableOf({ findings, settings }: DoctorReport): string {
  const mark = (state: CheckState) => words(`doctor.mark.${state}`);
  const width = Math.max(...findings.map(({ state }) => mark(state).length)) + 1;
  const rows = findings.map((each): [string, string] => {
    const { title, text, fix } = findingWords(each);
    return [`${mark(each.state).padEnd(width)} ${title}`, [text, fix].filter(Boolean).join("\n→ ")];
  });
  const lines = settings.map(({ name, value, source }): [string, string] => [
    name,
    `${value ?? notSet()} (${sourceWords(source)})`,
  ]);
  const count = (state: CheckState) => findings.filter((each) => each.state === state).length;
  return [
    words("doctor.settings"),
    columns(lines),
    "",
    words("doctor.checks"),
    columns(rows),
    "",
    words("doctor.summary", { problems: count("problem"), warnings: count("warning") }),
  ].join("\n");
}

/** For programs: the words beside the codes. */
const told = (each: Finding) => ({ ...each, ...findingWords(each) });

/** `latchkey doctor` */
export const command = defineCommand({
  name: "doctor",
  options: { "mail-to": { type: "string", value: "EMAIL" }, refresh: { type: "boolean" } },
  json: true,
  async run({ options, result }) {
    const to = options["mail-to"];
    if (to !== undefined && !/^[^\s@<>",;:]+@[^\s@<>",;:]+$/.test(to))
      throw new UsageError(words("operate.oneAddress"));
    if (options.refresh) {
      const { advisoriesUrl, dataDir } = loadConfig();
      if (!advisoriesUrl) throw new StartError(words("doctor.noAdvisoriesUrl"));
      await refreshAdvisories(advisoriesUrl, openDataDirectory(dataDir));
    }
    const report = await examine({
      openDatabase: openEmbeddedPostgres,
      ...(to && { testMail: { to, subject: words("doctor.mail.subject"), text: words("doctor.mail.text") } }),
    });
    result({ ...report, findings: report.findings.map(told) }, tableOf(report));
    return worstState(report.findings) === "problem" ? 1 : 0;
  },
});
