import { useTranslations } from "next-intl";
import { Pagination } from "../ui/list";

interface NumberedPagesProps {
  /** Name of this navigation for screen readers. */
  readonly label: string;
  /** The page that is shown, from 1. */
  readonly page: number;
  readonly pageCount: number;
  readonly perPage: number;
  /** How many are on this page. */
  readonly shown: number;
  /** How many there are in all. */
  readonly matching: number;
  readonly href: (page: number) => string;
}

/** Where one is in a list whose pages have numbers, and the ways to the page before and after. */
export function NumberedPages({
  label,
  page,
  pageCount,
  perPage,
  shown,
  matching,
  href,
}: NumberedPagesProps) {
  const t = useTranslations("common.pages");
  const before = (page - 1) * perPage;
  return (
    <Pagination
      label={label}
      previousLabel={t("previous")}
      nextLabel={t("next")}
      previousHref={page > 1 ? href(page - 1) : null}
      nextHref={page < pageCount ? href(page + 1) : null}
      summary={t("summary", { first: before + 1, last: before + shown, matching })}
    />
  );
}
