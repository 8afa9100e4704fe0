/** What is looked for; empty means everything. */
export interface RejectedQuery {
  readonly since: Date;
  readonly reason: string;
  readonly caller: string;
  readonly instance: string;
}

/** SQL that finds instances (`i`) by their id or a part of their name. */
export const matchesInstance = (wanted: string) =>
  `(${wanted} = '' OR i."id" = ${wanted} OR strpos(lower(i."name"), lower(${wanted})) > 0)`;

/** SQL that finds callers (`c`) by a part of what they are; program and address stand side by side. */
export const matchesCaller = (wanted: string) => `(${wanted} = '' OR strpos(
  lower(concat_ws(' ', c."name", c."userAgent", c."agent", c."address")), lower(${wanted})) > 0)`;

/** SQL that finds hours (`h`) by what became of their requests; `known` are all outcomes that have a name. */
export const matchesReason = (wanted: string, known: string) =>
  `CASE WHEN ${wanted} = 'other' THEN h."outcome" <> ALL(${known}) ELSE h."outcome" = ${wanted} END`;
