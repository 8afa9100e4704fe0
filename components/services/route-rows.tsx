"use client";

import { Lock, LockOpen, type LucideIcon, Plus, Trash2, UserCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { type FailedResult, useFieldMessage } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { Button } from "@/components/ui/button";
import { SelectField } from "@/components/ui/field";
import { type Row, useRows } from "@/components/ui/rows";
import { WrapText } from "@/components/ui/text";
import type { FieldError } from "@/lib/domain/errors";
import type { WrittenRoute } from "@/lib/domain/preset";
import { lockOf, type NamingPlace, placeOf, type RouteLock } from "@/lib/domain/service-view";

/** One route while it is being edited. */
interface RouteRow extends Row {
  readonly template: string;
  /** As typed, divided by commas or spaces. */
  readonly methods: string;
  readonly place: NamingPlace;
  /** The parameter, header or pointer. */
  readonly at: string;
}

const places = ["path", "query", "header", "body", "nowhere"] as const satisfies readonly NamingPlace[];

export function toRouteRows(routes: readonly WrittenRoute[]): RouteRow[] {
  return routes.map((route, key) => ({
    key,
    template: route.template,
    methods: (route.methods ?? []).join(", "),
    ...placeOf(route),
  }));
}

const newRow = (key: number): RouteRow => ({ key, template: "", methods: "", place: "path", at: "" });

/** A row as it is stored. */
export function toRoute({ template, methods, place, at }: RouteRow): WrittenRoute {
  const words = methods.split(/[\s,]+/).filter(Boolean);
  return {
    template: template.trim(),
    ...(words.length > 0 && { methods: words }),
    ...(place === "query" && { query: at.trim() }),
    ...(place === "header" && { header: at.trim().toLowerCase() }),
    ...(place === "body" && { body: at.trim() }),
    ...(place === "nowhere" && { passes: true }),
  };
}

/** What is wrong with one of the rows that were sent: of two that overlap, both have it. */
function errorOf(row: WrittenRoute, position: number, errors: readonly FieldError[]): FieldError | undefined {
  return errors.find(({ field, params }) =>
    field === "routes"
      ? params !== undefined && (params.template === row.template || params.other === row.template)
      : field.startsWith(`routes.${position}.`),
  );
}

interface RouteRowsProps {
  readonly rows: readonly RouteRow[];
  readonly onChange: (rows: RouteRow[]) => void;
  readonly failure: FailedResult | null;
}

/** More of them are folded: they are seldom edited, and long to scroll past. */
const fewRoutes = 5;

/** The routes of a service, to edit. Each says what keeps strangers out of it. */
export function RouteRows({ rows, onChange, failure }: RouteRowsProps) {
  const t = useTranslations("services.routes");
  const message = useFieldMessage();
  const { addButton, isFresh, add, change, remove } = useRows(rows, onChange);
  const [few] = useState(rows.length <= fewRoutes);
  const errors = (failure?.fields ?? []).filter(({ field }) => field.startsWith("routes"));
  const perRow = rows.map((row, position) => errorOf(toRoute(row), position, errors));
  const general = errors.find((each) => !perRow.includes(each));

  return (
    <div>
      {general && <p className="mb-2 text-bad">{message(general)}</p>}
      {rows.length === 0 && <p className="text-pretty text-muted">{t("none")}</p>}
      <details open={few || errors.length > 0 || undefined}>
        <summary className="w-fit cursor-pointer font-medium">{t("count", { count: rows.length })}</summary>
        <ul className="mt-3 divide-y divide-line">
          {rows.map((row, index) => (
            <RouteFields
              key={row.key}
              row={row}
              position={index + 1}
              error={message(perRow[index])}
              fresh={isFresh(row)}
              onChange={(part) => change(row.key, part)}
              onRemove={() => remove(row.key)}
            />
          ))}
        </ul>
        <div className="mt-3">
          <Button ref={addButton} size="sm" onClick={() => add(newRow)}>
            <Plus aria-hidden />
            {t("add")}
          </Button>
        </div>
      </details>
    </div>
  );
}

interface RouteFieldsProps {
  readonly row: RouteRow;
  /** 1 for the first row. */
  readonly position: number;
  readonly error: string | undefined;
  /** Added by the click just now: takes the focus. */
  readonly fresh: boolean;
  readonly onChange: (part: Partial<RouteRow>) => void;
  readonly onRemove: () => void;
}

function RouteFields({ row, position, error, fresh, onChange, onRemove }: RouteFieldsProps) {
  const t = useTranslations("services.routes");
  const template = useRef<HTMLInputElement>(null);
  const needsPlace = row.place === "query" || row.place === "header" || row.place === "body";

  useEffect(() => {
    if (fresh) template.current?.focus();
  }, [fresh]);

  return (
    <li className="grid gap-2 py-4 first:pt-0">
      <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-start gap-2 sm:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_minmax(0,4fr)_auto]">
        <div className="col-span-full">
          <TextField
            hideLabel
            label={t("template", { position })}
            name={`routes.${row.key}.template`}
            value={row.template}
            onChange={(value) => onChange({ template: value })}
            error={error}
            exact
            ref={template}
            placeholder="/message/{}/{instance}"
            className="font-mono"
          />
        </div>
        <TextField
          hideLabel
          label={t("methods", { position })}
          name={`routes.${row.key}.methods`}
          value={row.methods}
          onChange={(value) => onChange({ methods: value })}
          exact
          placeholder={t("allMethods")}
        />
        <SelectField
          hideLabel
          label={t("place", { position })}
          name={`routes.${row.key}.place`}
          value={row.place}
          onChange={(value) => onChange({ place: value as NamingPlace })}
        >
          {places.map((place) => (
            <option key={place} value={place}>
              {t(`places.${place}`)}
            </option>
          ))}
        </SelectField>
        {needsPlace ? (
          <div className="max-sm:order-last max-sm:col-span-full">
            <TextField
              hideLabel
              label={t(`at.${row.place}`, { position })}
              name={`routes.${row.key}.at`}
              value={row.at}
              onChange={(value) => onChange({ at: value })}
              exact
              placeholder={row.place === "body" ? "/session" : row.place === "query" ? "session" : "token"}
              className="font-mono"
            />
          </div>
        ) : (
          <span className="max-sm:hidden" />
        )}
        <Button
          variant="quiet"
          aria-label={t("remove", { position })}
          title={t("removeShort")}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      <RouteLockLine lock={lockOf(toRoute(row))} />
    </li>
  );
}

const lockIcons: Readonly<Record<RouteLock, LucideIcon>> = {
  credential: Lock,
  token: UserCheck,
  none: LockOpen,
};

/** What keeps a stranger from the instance that a route names. */
function RouteLockLine({ lock }: { readonly lock: RouteLock }) {
  const t = useTranslations("services.routes.lock");
  const Icon = lockIcons[lock];
  return (
    <p className="flex gap-1.5 text-pretty text-muted text-xs">
      <Icon aria-hidden className="mt-0.5 size-3 shrink-0" />
      {t(lock)}
    </p>
  );
}

/** The routes of a service, for those who may look but not change. */
export function RouteList({ routes }: { readonly routes: readonly WrittenRoute[] }) {
  const t = useTranslations("services.routes");
  if (routes.length === 0) return <p className="text-pretty text-muted">{t("none")}</p>;
  return (
    <ul className="divide-y divide-line">
      {toRouteRows(routes).map((row) => (
        <li key={row.key} className="grid gap-1 py-2.5 first:pt-0">
          <code translate="no" className="font-mono">
            <WrapText>{[row.methods, row.template, row.at].filter(Boolean).join(" ")}</WrapText>
          </code>
          <RouteLockLine lock={lockOf(toRoute(row))} />
        </li>
      ))}
    </ul>
  );
}
