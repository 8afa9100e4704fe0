import { SearchX, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardHead, EmptyState } from "@/components/ui/card";
import { Pagination } from "@/components/ui/list";
import { mostRejected, type RejectedView, rejectedPerPage } from "@/lib/domain/rejection";
import { rejectedHref } from "./rejected-href";
import { RejectedTable } from "./rejected-table";

/** The rejected callers of one page, or that there are none. */
export function RejectedList({ view }: { readonly view: RejectedView }) {
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
  const href = (to: number) => rejectedHref({ ...filter, range, page: to });
  const first = (page - 1) * rejectedPerPage + 1;
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
      <Pagination
        label={t("pages.label")}
        previousLabel={t("pages.previous")}
        nextLabel={t("pages.next")}
        previousHref={page > 1 ? href(page - 1) : null}
        nextHref={page < pageCount ? href(page + 1) : null}
        summary={t("pages.summary", { first, last: first + callers.length - 1, matching })}
      />
    </>
  );
}
