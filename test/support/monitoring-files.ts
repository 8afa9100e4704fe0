import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checkout } from "@/server/folders";

const read = (name: string) => readFileSync(join(checkout, "deploy", "monitoring", name), "utf8");

const datasource = z.strictObject({
  type: z.literal("prometheus"),
  uid: z.string().regex(/^\$\{datasource\}$/),
});
const place = z.object({
  h: z.int().positive(),
  w: z.int().positive().max(24),
  x: z.int().min(0).max(23),
  y: z.int().min(0),
});
const row = z.object({ id: z.int(), type: z.literal("row"), title: z.string().min(1), gridPos: place });
const drawn = z.object({
  id: z.int(),
  type: z.enum(["stat", "timeseries"]),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource,
  gridPos: place,
  fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }),
  targets: z
    .array(z.object({ refId: z.string(), datasource, expr: z.string().min(1), legendFormat: z.string() }))
    .min(1),
});
const variable = z.object({
  name: z.string(),
  type: z.enum(["datasource", "query"]),
  query: z.string(),
});

/** The dashboard of Grafana, as far as its import depends on it. */
export const dashboard = z
  .object({
    title: z.string(),
    uid: z.string(),
    schemaVersion: z.int().min(36),
    templating: z.object({ list: z.array(variable) }),
    panels: z.array(z.union([row, drawn])),
  })
  .parse(JSON.parse(read("grafana-dashboard.json")));

const rule = z.strictObject({
  alert: z.string().regex(/^Latchkey[A-Z]\w+$/),
  expr: z.string().min(1),
  for: z.string().regex(/^\d+[smh]$/),
  labels: z.strictObject({ severity: z.enum(["warning", "critical"]) }),
  annotations: z.strictObject({
    summary: z.string().endsWith("."),
    description: z.string().endsWith("."),
    runbook_url: z.string(),
  }),
});

/** The alerts. */
export const alerts = z
  .strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule) })) })
  .parse(parse(read("alerts.yaml")))
  .groups.flatMap(({ rules }) => rules);

/** The configuration of Prometheus. */
export const scraping = z
  .strictObject({
    global: z.record(z.string(), z.string().regex(/^\d+s$/)),
    rule_files: z.tuple([z.literal("alerts.yaml")]),
    scrape_configs: z.array(
      z.strictObject({
        job_name: z.string(),
        static_configs: z.array(z.strictObject({ targets: z.array(z.string()) })),
      }),
    ),
  })
  .parse(parse(read("prometheus.yaml")));

/** Every expression in dashboard and alerts, the variables of the dashboard included. */
export const expressions: readonly string[] = [
  ...dashboard.panels.flatMap((panel) => (panel.type === "row" ? [] : panel.targets.map(({ expr }) => expr))),
  ...dashboard.templating.list
    .filter(({ type }) => type === "query")
    .map(({ query }) => query.replace(/^label_values\((\S+), (\w+)\)$/, "sum by ($2) ($1)")),
  ...alerts.map(({ expr }) => expr),
];
