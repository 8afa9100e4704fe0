import { describe, expect, it, test } from "vitest";
import { alerts, dashboard, expressions, scraping } from "../support/monitoring-files";
import { askedBy } from "../support/prom-ql";
import { readDocument } from "./blocks";

describe("names in an expression", () => {
  it.each([
    [
      'sum by (outcome) (rate(a_total{job=~"$job",x!="y"}[5m] offset 1h))',
      ["a_total"],
      ["outcome", "job", "x"],
    ],
    ["a > 10 and on (instance) b_b == 0.5 or abs(c{}) > 1e3", ["a", "b_b", "c"], ["instance"]],
    [
      "histogram_quantile(0.99, sum by (instance, le) (rate(d_bucket[10m])))",
      ["d_bucket"],
      ["instance", "le"],
    ],
    ['count({__name__="e"}) * ignoring(f) group_left(g) h', ["h"], ["__name__", "f", "g"]],
    ['label_replace(up, "x", "not_a_metric", "y", "(.*)")', ["up"], []],
  ])("%s", (expression, metrics, labels) => {
    expect(askedBy(expression)).toMatchObject({ metrics, labels });
  });
});

describe("the dashboard", () => {
  it("can be imported: a data source to choose, ids that are unique, and panels that do not cover each other", () => {
    expect(dashboard.templating.list[0]).toMatchObject({
      name: "datasource",
      type: "datasource",
      query: "prometheus",
    });
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("uses only variables that it has", () => {
    const known = new Set([...dashboard.templating.list.map(({ name }) => name), "__rate_interval"]);
    const used = expressions.flatMap((text) => [...text.matchAll(/\$(\w+)/g)].map(([, name = ""]) => name));
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });
});

test("every alert has a section that says what to do, and every section an alert", () => {
  const page = "docs/operations/monitoring.md";
  expect(alerts.map(({ annotations }) => annotations.runbook_url)).toEqual(
    alerts.map(({ alert }) => `${page}#${alert.toLowerCase()}`),
  );
  const sections = [...readDocument(page).matchAll(/^### (Latchkey\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(alerts.map(({ alert }) => alert));
});

test("alerts that name a job name the one that is scraped", () => {
  const jobs = alerts.flatMap(({ expr }) => askedBy(expr).values.filter(([label]) => label === "job"));
  expect(jobs.length).toBeGreaterThan(0);
  for (const [, job] of jobs) expect(scraping.scrape_configs.map(({ job_name }) => job_name)).toContain(job);
});
