import type { Table } from "./tables";

const isNumber = /^(–|[\d,.]+( ms| MB)?)$/;

/** Draws a table for a terminal: columns aligned, those that hold numbers alone to the right. */
export function drawText({ head, rows }: Table): string {
  const columns = head.map((title, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    return {
      width: Math.max(title.length, ...cells.map((cell) => cell.length)),
      numeric: cells.every((cell) => cell === "" || isNumber.test(cell)),
    };
  });
  const line = (row: readonly string[]) =>
    columns
      .map(({ width, numeric }, column) => {
        const cell = row[column] ?? "";
        return numeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return `${[head, ...rows].map(line).join("\n")}\n`;
}

/** Draws a table in Markdown. */
export function drawMarkdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].map((text) => `${text}\n`).join("");
}
