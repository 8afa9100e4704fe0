import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { pageTemplate } from "./page-template";

/** Every page and route of the dashboard, as a path with its parameters still named. */
const routes = readdirSync("app", { recursive: true, encoding: "utf8" })
  .filter((file) => /(?:^|\/)(?:page\.tsx|route\.ts)$/.test(file) && !file.includes("[instanceToken]"))
  .map((file) => file.split("/").slice(0, -1))
  .map((parts) => `/${parts.filter((part) => !part.startsWith("(")).join("/")}`);

test.each(routes)("%s keeps its words and loses what was put into it", (route) => {
  const asked = route.replaceAll(/\[[^\]]+\]/g, "hunter2");
  expect(pageTemplate(asked)).toBe(route.replaceAll(/\[[^\]]+\]/g, "{…}"));
});

test.each([
  ["/instances/3fa85f64?token=hunter2", "/instances/{…}"],
  ["/hunter2", "/{…}"],
  ["/login/hunter2/../security", "/login/{…}/{…}/security"],
  ["/Login", "/{…}"],
  ["/a/b/c/d/e/f/g/hunter2", "/{…}/{…}/{…}/{…}/{…}/{…}/{…}"],
  ["/", "/"],
  ["", "/"],
  ["hunter2", "/"],
])("of %s only %s is told", (path, template) => {
  expect(pageTemplate(path)).toBe(template);
});
