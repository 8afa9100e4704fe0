"use client";

import { useFormatter, useTranslations } from "next-intl";

/** More names than these are counted instead of read. */
const namesShown = 5;

interface InstanceNamesProps {
  /** Some of them, at least `namesShown` if there are as many. */
  readonly names: readonly string[];
  readonly total: number;
}

/** Which instances a change is about: all by name when few, else some and how many more. */
export function InstanceNames({ names, total }: InstanceNamesProps) {
  const t = useTranslations("security.dialog");
  const format = useFormatter();
  if (total === 0) return null;
  const some = names.slice(0, namesShown).map((name) => t("quoted", { name }));
  const more = total - some.length;
  // "and" comes last: before the last name, or before the count.
  const list = format.list(some, more > 0 ? { type: "unit" } : { type: "conjunction" });
  return <p className="text-pretty text-muted wrap-anywhere">{t("names", { total, more, names: list })}</p>;
}
