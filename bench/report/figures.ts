const groups = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A whole number with thousands apart: `21,034`. */
export function whole(value: number): string {
  return groups.format(value);
}

/** Three digits or so: `0.91`, `12.4`, `180`. */
export function figure(value: number): string {
  if (value >= 100) return whole(value);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Milliseconds with their unit. */
export function ms(value: number): string {
  return `${figure(value)} ms`;
}

/** Megabytes with their unit; a dash when they are not known. */
export function mb(value: number | null): string {
  return value === null ? "–" : `${figure(value)} MB`;
}

/** Microseconds with their unit; a dash when they are not known. */
export function micros(value: number | null): string {
  return value === null ? "–" : `${figure(value)} µs`;
}

/** A share of 1 in per cent; a dash when it is not known. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${whole(share * 100)} %`;
}
