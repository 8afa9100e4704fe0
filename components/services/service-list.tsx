import { Plus, Waypoints } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card, EmptyState } from "@/components/ui/card";
import { ButtonLink } from "@/components/ui/link";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { WrapText } from "@/components/ui/text";
import type { ServiceView } from "@/lib/domain/service-view";

/** The button that begins the set-up of a service. */
export function NewService() {
  const t = useTranslations("services");
  return (
    <ButtonLink href="/services/new" variant="primary">
      <Plus aria-hidden />
      {t("list.create")}
    </ButtonLink>
  );
}

const columns = ["name", "upstream", "hosts", "instances"] as const;

interface ServiceListProps {
  readonly services: readonly ServiceView[];
  /** Names of presets by their ids. */
  readonly presetNames: Readonly<Record<string, string>>;
  readonly mayCreate: boolean;
}

/** The account's services: nothing yet, or all of them. */
export function ServiceList({ services, presetNames, mayCreate }: ServiceListProps) {
  const t = useTranslations("services.list");
  if (services.length === 0) {
    return (
      <Card>
        <EmptyState
          icon={Waypoints}
          title={t("empty.title")}
          description={mayCreate ? t("empty.description") : t("empty.viewer")}
          action={mayCreate && <NewService />}
        />
      </Card>
    );
  }
  return (
    <Card aria-label={t("regionLabel")}>
      <DataTable
        caption={t("regionLabel")}
        columns={columns.map((id) => ({ id, label: t(`columns.${id}`) }))}
      >
        {services.map(({ id, name, preset, upstreamUrl, hosts, instances }) => (
          <TableRow key={id}>
            <TableCell>
              <Link
                href={`/services/${id}`}
                className="font-medium underline-offset-4 wrap-anywhere hover:underline"
              >
                {name}
              </Link>
              {presetNames[preset] !== name && (
                <span className="block text-muted text-xs">{presetNames[preset] ?? preset}</span>
              )}
            </TableCell>
            <TableCell label={t("columns.upstream")}>
              <WrapText>{upstreamUrl ?? t("echo")}</WrapText>
            </TableCell>
            <TableCell label={t("columns.hosts")}>
              {hosts.length === 0 ? (
                <span className="text-muted">{t("noHosts")}</span>
              ) : (
                <WrapText>{hosts.join(", ")}</WrapText>
              )}
            </TableCell>
            <TableCell label={t("columns.instances")}>{t("instances", { count: instances })}</TableCell>
          </TableRow>
        ))}
      </DataTable>
    </Card>
  );
}
