import { useTranslations } from "next-intl";
import { useSubmission } from "@/components/shell/use-submission";
import { toast } from "@/components/ui/toaster";
import { changeEndpointsAction, stepEndpointsAction } from "@/lib/actions/endpoint-rules";
import type { AddressStep } from "@/lib/domain/address-mode";
import { type EndpointKind, endpointRuleParts } from "@/lib/domain/endpoint-rule";
import type { EndpointRulesView } from "@/lib/domain/endpoint-view";
import type { Asked } from "./endpoint-dialogs";

/** What can be done to the rules of an instance. What may reject somebody is asked about first. */
export interface EndpointChanges
  extends Pick<ReturnType<typeof useSubmission>, "pending" | "failure" | "form"> {
  readonly add: (rules: readonly string[], done?: () => void) => void;
  readonly remove: (rule: string) => void;
  readonly setKind: (kind: EndpointKind) => void;
  readonly step: (step: AddressStep) => void;
}

/** A change of the rules as the use case takes it. */
export type WantedChange = Parameters<typeof changeEndpointsAction>[0]["change"];

/**
 * @param ask opens the dialog that says whom a change would reject
 * @param refresh has the page show what is so now
 */
export function useEndpointChanges(
  { instanceId, mode, kind }: EndpointRulesView,
  ask: (asked: Asked) => void,
  refresh: () => Promise<unknown>,
): EndpointChanges {
  const t = useTranslations("endpoints");
  const { pending, failure, form, submit } = useSubmission();
  const enforced = mode === "enforce";

  function run(change: WantedChange, said: string, done?: () => void) {
    void submit(
      () => changeEndpointsAction({ instanceId, change }),
      (result) => {
        void refresh();
        if (!result.ok) return;
        toast.success(said);
        done?.();
      },
    );
  }

  return {
    pending,
    failure,
    form,
    add: (rules, done) => {
      const said = t("add.done", { count: rules.length });
      const change: WantedChange = { what: "add", rules: rules.map(endpointRuleParts) };
      if (enforced && kind === "except") ask({ change, said, rules, done });
      else run(change, said, done);
    },
    remove: (rule) => {
      const [change, said] = [{ what: "remove", rule } as const, t("add.removed")];
      if (enforced && kind === "only") ask({ change, said, rules: [rule] });
      else run(change, said);
    },
    setKind: (to) => {
      if (to === kind) return;
      const [change, said] = [{ what: "kind", kind: to } as const, t("done.kind")];
      if (enforced) ask({ change, said, rules: [] });
      else run(change, said);
    },
    step: (step) => {
      if (step === "enforce") {
        ask({ change: null, said: t("done.enforce"), rules: [] });
        return;
      }
      void submit(
        () => stepEndpointsAction({ instanceId, step }),
        (result) => {
          void refresh();
          if (result.ok) toast.success(t(`done.${step}`));
        },
      );
    },
  };
}
