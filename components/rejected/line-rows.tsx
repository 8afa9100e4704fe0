import { useTranslations } from "next-intl";
import { useCallerTitle } from "@/components/preflight/use-caller-title";
import {
  callerText,
  type RejectedGrouping,
  type RejectedLine,
  type RejectedView,
} from "@/lib/domain/rejection";
import { type BarRow, BarRows } from "./bar-rows";
import { rejectedHref } from "./rejected-href";

interface LineRowsProps {
  readonly view: RejectedView;
  readonly by: RejectedGrouping;
}

/** What the list is narrowed to for a line; empty: nothing finds just that. */
function wanted({ caller, instanceId }: RejectedLine): string {
  if (!caller) return instanceId;
  return caller.others ? "" : callerText(caller);
}

/** A line of bars for each caller or instance that had most, one for all, and one for the rest of them. */
export function LineRows({ view: { traffic, filter, lines }, by }: LineRowsProps) {
  const t = useTranslations(`rejected.by.${by}`);
  const title = useCallerTitle();
  const { buckets, range } = traffic;
  const { reason } = filter;
  const countOf = ({ reasons, rejected }: Pick<typeof traffic, "reasons" | "rejected">) =>
    reason === null ? rejected : (reasons.find((each) => each.reason === reason)?.requests ?? 0);
  const href = (text: string) => rejectedHref({ ...filter, range, [by]: text });
  const sum = (index: number) => lines.reduce((all, { buckets }) => all + (buckets[index] ?? 0), 0);
  const all = { requests: countOf(traffic), values: buckets.map(countOf) };
  const rest = all.requests - lines.reduce((all, { requests }) => all + requests, 0);
  const rows: BarRow[] = [
    {
      key: "all",
      label: t(filter[by] === "" ? "all" : "found"),
      ...all,
      href: href(""),
      chosen: filter[by] === "",
    },
    ...lines.map((line) => {
      const text = wanted(line);
      return {
        key: line.key,
        label: line.caller ? <CallerLine line={line} title={title(line.caller)} /> : line.instanceName,
        requests: line.requests,
        values: line.buckets,
        href: text === "" ? null : href(text),
        chosen: text !== "" && filter[by] === text,
      };
    }),
  ];
  if (rest > 0) {
    const values = all.values.map((each, index) => Math.max(0, each - sum(index)));
    rows.push({ key: "rest", label: t("rest"), requests: rest, values, href: null, chosen: false });
  }
  return <BarRows label={t("label")} traffic={traffic} rows={rows} />;
}

function CallerLine({ line, title }: { readonly line: RejectedLine; readonly title: string }) {
  const t = useTranslations("preflight");
  const { caller, instanceName } = line;
  return (
    <>
      {title}
      <span className="block font-normal text-muted text-xs">
        {!caller?.others && <span className="font-mono">{caller?.address ?? t("noAddress")}</span>}{" "}
        {t("dialog.on", { instance: instanceName })}
      </span>
    </>
  );
}
