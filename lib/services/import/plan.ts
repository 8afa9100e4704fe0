import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { z } from "zod";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { type AnswerStyle, answerStyles } from "@/lib/domain/answer-style";
import {
  type EndpointSettings,
  noEndpointSettings,
  readEndpointSettings,
} from "@/lib/domain/endpoint-settings";
import type { FieldError, FieldErrorCode } from "@/lib/domain/errors";
import {
  type ImportColumn,
  type ImportedRecords,
  type ImportLine,
  type ImportPreview,
  type ImportRecord,
  yesOrNo,
} from "@/lib/domain/instance-import";
import { nameKey, seenKey, shownName } from "@/lib/domain/seen-text";
import { isLabel } from "@/lib/domain/service";
import { instanceIdPattern } from "@/lib/domain/token-format";
import { tokenShortBelow, tokenWeakness } from "@/lib/domain/token-strength";
import { credentialSchema, labelSchema } from "../instances/naming";
import { firstByteSchema, upstreamUrlSchema } from "../instances/upstream";
import { nameSchema } from "../parse";
import { hostNameSchema } from "../services/host-names";

/** A service of the account, as lines name it. */
interface KnownService {
  readonly id: string;
  readonly name: string;
}

/** One instance as a line wants it. Whatever is wrong with it is among its errors. */
export interface PlannedInstance {
  readonly line: number;
  readonly name: string;
  /** By which its name is compared. */
  readonly nameKey: string;
  readonly service: KnownService | null;
  readonly givenId: string | null;
  readonly label: string | null;
  /** null: it gets a new one. */
  readonly token: string | null;
  /** Of the token, in hexadecimal: two while a secret is being replaced, the one in use first; none without a token. */
  readonly digests: readonly string[];
  readonly hosts: readonly string[];
  readonly upstreamUrl: string | null;
  readonly enforced: boolean;
  readonly paused: boolean;
  readonly firstByteSeconds: number | null;
  readonly answerStyle: AnswerStyle;
  readonly endpoints: EndpointSettings;
  readonly errors: FieldError[];
}

/** Host names that one line may give. */
const hostsALine = 20;

/** How often others have their turn while many lines are worked on. */
const linesATurn = 250;

const error = (field: string, code: FieldErrorCode, params?: FieldError["params"]): FieldError =>
  params ? { field, code, params } : { field, code };

/** Reads one cell by the schema of a form's field. What it refuses is an error of the line. */
function read<S extends z.ZodType<unknown, string>>(
  schema: S,
  text: string,
  field: ImportColumn,
  errors: FieldError[],
): z.output<S> | null {
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const code = issue.code === "custom" ? (issue.message as FieldErrorCode) : "required";
    const params = issue.code === "custom" ? (issue.params as FieldError["params"]) : undefined;
    errors.push(error(field, code, params));
  }
  return null;
}

/** Finds services by name, in any case, or by id. */
class Services {
  readonly #byKey = new Map<string, KnownService | "several">();
  readonly #chosen: KnownService | null;

  constructor(services: readonly KnownService[], chosenId: string | null) {
    for (const service of services) {
      const key = seenKey(service.name).toLowerCase();
      this.#byKey.set(key, this.#byKey.has(key) ? "several" : service);
    }
    for (const service of services) this.#byKey.set(service.id, service);
    this.#chosen = services.find(({ id }) => id === chosenId) ?? null;
  }

  named(text: string, errors: FieldError[]): KnownService | null {
    if (text === "") return this.#chosen;
    const found = this.#byKey.get(seenKey(text).toLowerCase());
    if (found === undefined) errors.push(error("service", "service_unknown", { name: shownName(text) }));
    if (found === "several") errors.push(error("service", "service_twice"));
    return found === undefined || found === "several" ? null : found;
  }
}

function answersOf(text: string, errors: FieldError[]): AnswerStyle {
  const style = answerStyles.find((each) => each === (text || "documented"));
  if (style === undefined) errors.push(error("answers", "answers_unknown"));
  return style ?? "documented";
}

function flag(text: string, field: ImportColumn, errors: FieldError[]): boolean {
  const said = yesOrNo(text);
  if (said === null) errors.push(error(field, "yes_or_no"));
  return said ?? false;
}

function endpointsOf(text: string, errors: FieldError[]): EndpointSettings {
  const settings = readEndpointSettings(text);
  if (settings === null) errors.push(error("endpoint_rules", "endpoint_rules_invalid"));
  return settings ?? noEndpointSettings;
}

function hostsOf(text: string, errors: FieldError[]): string[] {
  const hosts = text.split(/[\s,;]+/).filter(Boolean);
  if (hosts.length > hostsALine) errors.push(error("hosts", "hosts_too_many", { max: hostsALine }));
  return [
    ...new Set(hosts.slice(0, hostsALine).map((host) => read(hostNameSchema, host, "hosts", errors) ?? "")),
  ];
}

/**
 * What callers name it by. Within a service that is a label: an id of another form than ours is one, and where nothing else
 * names it, its name is. Outside of one it is an id in the contract's path.
 */
function namingOf(
  { id, label, name }: Readonly<Record<"id" | "label" | "name", string>>,
  service: KnownService | null,
  isNamedOtherwise: boolean,
): { readonly givenId: string; readonly label: string } {
  if (service === null) return { givenId: id || label, label: "" };
  if (label !== "") return { givenId: id, label };
  if (id !== "" && !instanceIdPattern.test(id)) return { givenId: "", label: id };
  return { givenId: id, label: id === "" && !isNamedOtherwise && isLabel(name) ? name : "" };
}

function planLine({ line, values }: ImportRecord, services: Services): PlannedInstance {
  const errors: FieldError[] = values === null ? [error("line", "line_unreadable")] : [];
  const cell = (column: ImportColumn) => values?.[column] ?? "";
  const service = services.named(cell("service"), errors);
  const token = read(credentialSchema, cell("token"), "token", errors);
  const hosts = hostsOf(cell("hosts"), errors);
  const [id, label, given] = [cell("id"), cell("label"), cell("name")];
  const naming = namingOf({ id, label, name: given }, service, cell("token") !== "" || hosts.length > 0);
  const name = values && read(nameSchema, given || label || id, "name", errors);
  const seconds = cell("first_byte_seconds");
  const shown = name ?? shownName(given.slice(0, 80));
  const planned = {
    line,
    name: shown,
    nameKey: nameKey(shown),
    service,
    givenId: read(labelSchema, naming.givenId, "id", errors),
    label: read(labelSchema, naming.label, label === "" ? "id" : "label", errors),
    token,
    digests:
      token === null ? [] : instanceTokenDigest.each(token).map((each) => Buffer.from(each).toString("hex")),
    hosts,
    upstreamUrl: read(upstreamUrlSchema, cell("upstream"), "upstream", errors),
    enforced: flag(cell("enforced"), "enforced", errors),
    paused: flag(cell("paused"), "paused", errors),
    firstByteSeconds: read(firstByteSchema, seconds, "first_byte_seconds", errors),
    answerStyle: answersOf(cell("answers"), errors),
    endpoints: endpointsOf(cell("endpoint_rules"), errors),
    errors,
  };
  if (service !== null && planned.upstreamUrl !== null) errors.push(error("upstream", "by_service"));
  if (service !== null && planned.answerStyle !== "documented") errors.push(error("answers", "by_service"));
  if (
    errors.length === 0 &&
    service !== null &&
    planned.label === null &&
    token === null &&
    hosts.length === 0
  )
    errors.push(error("label", "required"));
  return planned;
}

/** What is unique, as one key each. What exists is asked in `collisions.ts`. */
const uniqueKeys = ({ service, label, digests, givenId }: PlannedInstance) => ({
  label: service !== null && label !== null ? `${service.id} ${label}` : null,
  credential: service !== null && digests[0] !== undefined ? `${service.id} ${digests[0]}` : null,
  id: givenId,
});

/** Lines of which an earlier one has the same: the first may be imported, each later one says which that is. */
class Earlier {
  readonly #seen = new Map<string, number>();

  /** The line that had this first; null when it is this one. */
  first(kind: string, key: string | null, line: number): number | null {
    if (key === null) return null;
    const of = `${kind} ${key}`;
    const first = this.#seen.get(of);
    if (first === undefined) this.#seen.set(of, line);
    return first ?? null;
  }
}

function noteDoubles(planned: PlannedInstance, earlier: Earlier, names: Map<string, PlannedInstance>): void {
  const { line, errors } = planned;
  // What is wrong with a line is mended first; until then it is in nobody's way.
  if (errors.length > 0) return;
  const namesake = names.get(planned.nameKey);
  if (namesake === undefined) names.set(planned.nameKey, planned);
  else {
    const code = namesake.name === planned.name ? "line_double" : "line_case";
    errors.push(error("name", code, { line: namesake.line }));
  }
  const { label, credential, id } = uniqueKeys(planned);
  const double = (field: string, kind: string, of: string | null) => {
    const first = earlier.first(kind, of, line);
    if (first !== null) errors.push(error(field, "line_double", { line: first }));
  };
  double("label", "label", label);
  double("token", "credential", credential);
  double("id", "id", id);
  for (const host of planned.hosts) double("hosts", "host", host);
}

/**
 * What each line wants and what is wrong with it, as far as the file itself shows it. Reads no database.
 *
 * @param onProgress told the part of the lines that is done, 0 to 1
 */
export async function planLines(
  { records }: ImportedRecords,
  services: readonly KnownService[],
  chosenService: string | null,
  onProgress: (share: number) => void,
): Promise<PlannedInstance[]> {
  const known = new Services(services, chosenService);
  const [earlier, names] = [new Earlier(), new Map<string, PlannedInstance>()];
  const plan: PlannedInstance[] = [];
  for (const record of records) {
    const planned = planLine(record, known);
    noteDoubles(planned, earlier, names);
    plan.push(planned);
    if (plan.length % linesATurn !== 0) continue;
    onProgress(plan.length / records.length);
    await nextTurn();
  }
  return plan;
}

function warningOf({ name, label, givenId, token, errors }: PlannedInstance): FieldError | null {
  const weakness = token === null || errors.length > 0 ? null : tokenWeakness(token, [name, label, givenId]);
  return weakness && error("token", weakness, { min: tokenShortBelow });
}

/** Works on many one after the other, and gives others their turn. */
export async function inSlices<T>(all: readonly T[], work: (each: T) => void): Promise<void> {
  for (const [at, each] of all.entries()) {
    work(each);
    if (at % linesATurn === linesATurn - 1) await nextTurn();
  }
}

/** Stands for a plan and its errors: the same again, or it is another. */
export async function fingerprint(plan: readonly PlannedInstance[]): Promise<string> {
  const hash = createHash("sha256");
  await inSlices(plan, ({ token: _, service, errors, ...rest }) => {
    hash.update(`${JSON.stringify([rest, service?.id ?? null, errors])}\n`);
  });
  return hash.digest("base64url");
}

/** A plan as it is shown. */
export async function previewOf(
  plan: readonly PlannedInstance[],
  { form, ignored }: ImportedRecords,
  { here, mayChoose }: { readonly here: number; readonly mayChoose: boolean },
): Promise<ImportPreview> {
  const lines: ImportLine[] = [];
  await inSlices(plan, (planned) => {
    const { line, name, service, label, givenId, hosts, errors } = planned;
    const called = label ?? givenId;
    const warning = warningOf(planned);
    lines.push({ line, name, called, service: service && shownName(service.name), hosts, errors, warning });
  });
  const ready = plan.filter(({ errors }) => errors.length === 0);
  return {
    form,
    lines,
    ready: ready.length,
    failing: plan.length - ready.length,
    warned: lines.filter(({ warning }) => warning !== null).length,
    newTokens: ready.filter(({ token }) => token === null).length,
    notEnforced: mayChoose ? 0 : ready.filter(({ enforced }) => enforced).length,
    ignored,
    here,
    plan: await fingerprint(plan),
  };
}
