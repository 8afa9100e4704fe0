"use client";

import { Search, SearchX, ShieldCheck } from "lucide-react";
import Form from "next/form";
import { useTranslations } from "next-intl";
import { ActivityTabs } from "@/components/activity/activity-tabs";
import { LiveDot, useLive } from "@/components/live/use-live";
import { NumberedPages } from "@/components/shell/numbered-pages";
import { Button } from "@/components/ui/button";
import { Card, CardHead, EmptyState, PageHeader } from "@/components/ui/card";
import { TextInput } from "@/components/ui/field";
import { TextLink } from "@/components/ui/link";
import type { Reading } from "@/lib/domain/live";
import { mostRejected, type RejectedView, rejectedPerPage } from "@/lib/domain/rejection";
import { RejectedBars } from "./rejected-bars";
import { rejectedHref, rejectedPath } from "./rejected-links";
import { RejectedTable } from "./rejected-table";

interface RejectedPageProps {
  readonly title: string;
  /** Where it is read anew. */
  readonly path: string;
  readonly initial: Reading<RejectedView>;
}

/** Rejected requests and the callers they came from, kept as things are. */
export function RejectedPage({ title, path, initial }: RejectedPageProps) {
  const t = useTranslations("rejected");
  const { data: view, live } = useLive(path, initial);
  const { range, rejected, reasons } = view.traffic;
  const { reason, caller, instance } = view.filter;
  const requests = reason === null ? rejected : reasons.find((each) => each.reason === reason)?.requests;
  const lede = reason === null && caller === "" && instance === "" ? "lede" : "ledeFound";
  return (
    <>
      <PageHeader title={title} lede={t(`${lede}.${range}`, { requests: requests ?? 0 })} />
      <ActivityTabs current="rejected">
        <LiveDot live={live} />
      </ActivityTabs>
      <RejectedBars view={view} />
      <Filters view={view} />
      <List view={view} />
    </>
  );
}

interface ViewProps {
  readonly view: RejectedView;
}

const fields = ["caller", "instance"] as const;

/** Finds rejected callers by a plain GET form: works before and without JavaScript, and can be bookmarked. */
function Filters({ view: { filter, matching, traffic } }: ViewProps) {
  const t = useTranslations("rejected.filters");
  const { by, reason, caller, instance } = filter;
  const narrowed = caller !== "" || instance !== "" || reason !== null;
  if (!narrowed && matching === 0) return null;
  return (
    <search className="my-5 grid gap-2">
      <Form
        action={rejectedPath}
        scroll={false}
        aria-label={t("label")}
        className="flex flex-wrap items-end gap-3"
      >
        {traffic.range !== "day" && <input type="hidden" name="traffic" value={traffic.range} />}
        {by !== "reason" && <input type="hidden" name="by" value={by} />}
        {reason && <input type="hidden" name="reason" value={reason} />}
        {fields.map((field) => (
          <label
            key={field}
            htmlFor={`rejected-${field}`}
            className="grid min-w-0 flex-1 basis-44 gap-1 font-medium sm:max-w-64"
          >
            {t(field)}
            <TextInput
              key={filter[field]}
              id={`rejected-${field}`}
              type="search"
              name={field}
              defaultValue={filter[field]}
              placeholder={t(`${field}Hint`)}
              autoComplete="off"
              maxLength={200}
            />
          </label>
        ))}
        <Button type="submit">
          <Search aria-hidden />
          {t("submit")}
        </Button>
      </Form>
      <p role="status" className={narrowed ? "text-muted" : "sr-only"}>
        {narrowed && (
          <>
            {t("result", { matching })}{" "}
            <TextLink href={rejectedHref({ range: traffic.range, by })}>{t("clear")}</TextLink>
          </>
        )}
      </p>
    </search>
  );
}

/** The rejected callers of one page, or that there are none. */
function List({ view }: ViewProps) {
  const t = useTranslations("rejected");
  const { callers, matching, page, pageCount, filter, traffic, capped } = view;
  const { range, rejected } = traffic;
  if (callers.length === 0) {
    const none = rejected === 0 && filter.caller === "" && filter.instance === "";
    return (
      <Card as="div">
        <EmptyState
          icon={none ? ShieldCheck : SearchX}
          title={none ? t(`none.title.${range}`) : t("none.found")}
          description={none ? t("none.text") : t("none.foundText")}
        />
      </Card>
    );
  }
  return (
    <>
      <Card aria-labelledby="rejected-callers">
        <CardHead id="rejected-callers" title={t("list.title")} />
        <div className="border-line border-t">
          <RejectedTable callers={callers} />
        </div>
        <p className="border-line border-t px-4 py-3 text-pretty text-muted text-xs md:px-6">
          {capped && t("list.capped", { most: mostRejected })}{" "}
          {t(filter.caller === "" ? "list.exact" : "list.apart")}
        </p>
      </Card>
      <NumberedPages
        label={t("pages")}
        perPage={rejectedPerPage}
        shown={callers.length}
        href={(to) => rejectedHref({ ...filter, range, page: to })}
        {...{ page, pageCount, matching }}
      />
    </>
  );
}
