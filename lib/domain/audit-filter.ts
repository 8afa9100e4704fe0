import { type AuditAction, auditActions } from "./audit-event";

type GroupOf<Action> = Action extends `${infer Group}.${string}` ? Group : never;

/** What actions have before their dot. Each has a name in the message catalogue under `activity.group`. */
type AuditGroup = GroupOf<AuditAction>;

const groupOf = (action: AuditAction) => action.split(".")[0] as AuditGroup;

/** Every group, in the order of the actions. */
export const auditGroups: readonly AuditGroup[] = [...new Set(auditActions.map(groupOf))];

/** The actions of a group. */
export function actionsOf(group: AuditGroup): AuditAction[] {
  return auditActions.filter((action) => groupOf(action) === group);
}

/** Which events to show; what is left out does not narrow. */
export interface AuditFilter {
  /** The actor's e-mail address as it was written; empty for people who were not signed in. */
  readonly actor?: string;
  readonly group?: AuditGroup;
  /** First and last day, as `YYYY-MM-DD` of the reader's calendar. */
  readonly from?: string;
  readonly to?: string;
}

/** What the address bar and forms call someone who was not signed in: an empty value means everyone there. */
export const nobody = "-";

type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

function dayIn(text: unknown): string | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : text;
}

/** Reads a filter from the address bar. What makes no sense there does not narrow. Never throws. */
export function auditFilterIn(params: Params): AuditFilter {
  const { actor, group, from, to } = params;
  const known = auditGroups.find((each) => each === group);
  const [first, last] = [dayIn(from), dayIn(to)];
  return {
    ...(typeof actor === "string" && actor !== "" && { actor: actor === nobody ? "" : actor.slice(0, 320) }),
    ...(known && { group: known }),
    ...(first && { from: first }),
    ...(last && { to: last }),
  };
}

/** The filter as the address bar has it, for links. */
export function auditQueryOf({ actor, group, from, to }: AuditFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (actor !== undefined) query.set("actor", actor === "" ? nobody : actor);
  if (group) query.set("group", group);
  if (from) query.set("from", from);
  if (to) query.set("to", to);
  return query;
}

/** True when the filter leaves out anything. */
export function isNarrowed(filter: AuditFilter): boolean {
  return Object.keys(filter).length > 0;
}
