import { readAccountFacts } from "@/lib/db/account-facts";
import { type CallerRow, readRequests } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { isEnforced } from "@/lib/domain/enforcement";
import { type NamedCallers, namedBy } from "@/lib/domain/named-callers";
import type { Judged } from "@/lib/domain/preflight";
import { type Evidence, evidenceOf } from "@/lib/domain/preflight-evidence";
import { trafficSince } from "@/lib/domain/traffic";
import { activationForecast } from "@/lib/services/callers/consequence";
import { type JudgedCallers, judgeCallers } from "@/lib/services/callers/judge";
import { rowKey } from "./caller-table";
import { instanceName, type Screen } from "./latchkey";
import type { Step } from "./world";

/** What the judgements of an account are made of, with the names of the simulation instead of ids. */
interface Found extends JudgedCallers {
  readonly evidence: Evidence;
}

/** Whom a question names, in the words of the simulation and by ids. */
export interface Question {
  readonly screen: Screen;
  readonly named: NamedCallers;
}

/** An account with its instances, as the simulation calls them: by number, and callers by their keys. */
export class RealAccount {
  constructor(
    readonly owner: Actor,
    readonly instances: readonly { readonly id: string; readonly token: string }[],
  ) {}

  /** @throws Error when there is none */
  instanceOf(nth: number) {
    const instance = this.instances[nth];
    if (!instance) throw new Error("there is no such instance");
    return instance;
  }

  #nameOf(instanceId: string): string {
    return instanceName(this.instances.findIndex(({ id }) => id === instanceId));
  }

  keyOf({ instanceId, address, agent }: Pick<CallerRow, "instanceId" | "address" | "agent">): string {
    return rowKey(this.#nameOf(instanceId), address, agent);
  }

  async judge(at: number): Promise<Found | null> {
    const { accountId } = this.owner;
    const now = new Date(at);
    const [found, { tokens }] = await Promise.all([
      judgeCallers(accountId, now),
      readAccountFacts(accountId),
    ]);
    const evidence = evidenceOf(
      tokens.map((token) => ({ ...token, current: token.state === "current" })),
      now,
    );
    if (!found || !evidence) return null;
    const callers = found.judged.map(({ caller }) => caller);
    const requests = await readRequests(callers, trafficSince("day", now));
    const judged = found.judged.map((each) => ({
      ...each,
      caller: { ...each.caller, requests: requests.get(each.caller.id) ?? 0 },
    }));
    return { ...found, evidence, judged: this.#renamed(judged) };
  }

  #renamed(judged: readonly Judged<CallerRow>[]): Judged<CallerRow>[] {
    return judged.map((each) => {
      const instanceId = this.#nameOf(each.caller.instanceId);
      const id = each.caller.others ? instanceId : this.keyOf(each.caller);
      return { ...each, caller: { ...each.caller, id, instanceId } };
    });
  }

  keysOf(judged: readonly Judged<CallerRow>[]): string[] {
    return this.#renamed(judged).map(({ caller }) => caller.id);
  }

  /** Instances with a switch of their own on, and those where the token is enforced. */
  async enforced() {
    const { accountId } = this.owner;
    const { enforcement } = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    const rows = await db.instance.findMany({ where: { accountId }, select: { id: true, enforced: true } });
    const own = this.instances.map(({ id }) => rows.find((row) => row.id === id)?.enforced ?? false);
    return { own, flags: own.map((each) => isEnforced(enforcement, each)), enforcement };
  }

  async newlyEnforced(before: { readonly flags: readonly boolean[] }) {
    const { flags } = await this.enforced();
    return { flags, enforced: [...flags.keys()].filter((nth) => flags[nth] && !before.flags[nth]) };
  }

  /** Reads whom activating would reject. */
  async readQuestion(
    { path, instance }: Pick<Extract<Step, { do: "activate" }>, "path" | "instance">,
    at: number,
  ): Promise<Question | null> {
    const now = new Date(at);
    const [real, found] = [await judgeCallers(this.owner.accountId, now), await this.judge(at)];
    if (!real || !found) return null;
    const open = [{ enforced: false, count: this.instances.length }];
    const one = path === "one";
    return {
      screen: activationForecast(found, open, one ? instanceName(instance) : null),
      named: namedBy(activationForecast(real, open, one ? this.instanceOf(instance).id : null)),
    };
  }
}
