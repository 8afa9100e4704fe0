"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { useLive } from "@/components/live/use-live";
import { SecurityHeader } from "@/components/security/security-header";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { useFocusWhenLost } from "@/components/ui/dialog";
import { ModePill } from "@/components/ui/status";
import { toast } from "@/components/ui/toaster";
import {
  observeAddressesAction,
  stopEnforcingAddressesAction,
  stopObservingAddressesAction,
} from "@/lib/actions/addresses";
import { addressStatus } from "@/lib/domain/address-mode";
import type { AddressRestrictionView } from "@/lib/domain/address-view";
import type { Reading } from "@/lib/domain/live";
import { AddAddress } from "./add-address";
import { AllowedAddresses } from "./address-list";
import { AddressCallerTable } from "./caller-table";
import { EnforceDialog } from "./lock-out-dialogs";

interface AddressPageProps {
  readonly initial: Reading<AddressRestrictionView>;
  readonly accountName: string;
}

/** The page *Addresses* of Security, kept as things are. */
export function AddressPage({ initial, accountName }: AddressPageProps) {
  const { data: view, live } = useLive("/api/security/addresses", initial);
  return (
    <>
      <SecurityHeader current="addresses" live={live} lede={<StateSentence view={view} />} />
      <AddressModule view={view} accountName={accountName} />
    </>
  );
}

interface AddressModuleProps {
  readonly view: AddressRestrictionView;
  readonly accountName: string;
}

const headingId = "address-restriction";

const bold = (chunks: ReactNode) => <b className="font-semibold">{chunks}</b>;

/** The region *Address restriction*: what the list does, its entries, whom it rejects, and the ladder. */
function AddressModule({ view, accountName }: AddressModuleProps) {
  const t = useTranslations("addresses");
  const { mode, rules, forecast, rejections, current, mayChange } = view;
  const listed = (forecast?.total ?? 0) + (forecast?.unknown ?? 0) + (rejections?.total ?? 0) > 0;
  return (
    <Card aria-labelledby={headingId}>
      <CardHead
        id={headingId}
        title={t("title")}
        description={t("scope.scope")}
        aside={<ModePill mode={mode}>{t(`status.${addressStatus(mode, rules.length)}`)}</ModePill>}
      />
      {forecast && <AddressCallerTable what="would" {...forecast} mayChange={mayChange} />}
      {rejections && <AddressCallerTable what="were" {...rejections} unknown={0} mayChange={mayChange} />}
      <CardBody className={listed ? "grid gap-5 border-line border-t" : "grid gap-5 pt-0 md:pt-0"}>
        {rules.length === 0 && <WhyAddresses />}
        {mayChange && <AddAddress current={current} />}
        {rules.length > 0 && (
          <AllowedAddresses
            rules={rules}
            enforced={mode === "enforce"}
            accountName={accountName}
            mayChange={mayChange}
          />
        )}
      </CardBody>
      {mayChange ? <Ladder view={view} accountName={accountName} /> : <CardFoot note={t("scope.viewer")} />}
    </Card>
  );
}

/** What the list does now, and to whom, in a sentence or two. */
function StateSentence({ view: { rules, forecast, rejections } }: Pick<AddressModuleProps, "view">) {
  const t = useTranslations("addresses.state");
  const b = (chunks: ReactNode) => <b className="font-semibold text-text">{chunks}</b>;
  if (forecast) {
    const { total, passing, unknown } = forecast;
    return total + passing + unknown === 0 ? t("unheard") : t.rich("observe", { b, total, passing });
  }
  if (rejections) return t.rich("enforce", { b, rules: rules.length, total: rejections.total });
  return t(rules.length === 0 ? "none" : "off");
}

/** Before there is an entry: what the list is good for, and that filling it hurts nobody. */
function WhyAddresses() {
  const t = useTranslations("addresses.why");
  return (
    <div className="grid max-w-180 gap-2">
      <h3 className="font-semibold">{t("title")}</h3>
      <p className="text-pretty">{t("leak")}</p>
      <p className="text-pretty">{t.rich("ladder", { b: bold })}</p>
    </div>
  );
}

const steps = {
  observe: observeAddressesAction,
  stop_enforcing: stopEnforcingAddressesAction,
  stop_observing: stopObservingAddressesAction,
};

/** The buttons of the ladder: up by looking first, down at any moment. */
function Ladder({ view, accountName }: Pick<AddressModuleProps, "view" | "accountName">) {
  const t = useTranslations("addresses");
  const { mode, rules, forecast } = view;
  const { pending, failure, submit, clear } = useSubmission();
  const [enforcing, setEnforcing] = useState(false);
  useFocusWhenLost(headingId, enforcing, `${mode} ${rules.length}`);

  // With callers that would be rejected, allowing them is the next step.
  const ready = rules.length > 0 && forecast !== null && forecast.total + forecast.unknown === 0;

  const button = (name: keyof typeof steps, variant: "primary" | "secondary" | "quiet") => (
    <Button
      key={name}
      variant={variant}
      pending={pending}
      onClick={() => void submit(steps[name], (result) => result.ok && toast.success(t(`done.${name}`)))}
    >
      {t(`action.${name}`)}
    </Button>
  );

  function open() {
    clear();
    setEnforcing(true);
  }

  return (
    <>
      {failure && (
        <CardBody>
          <FailureNotice live failure={failure} shown={[]} />
        </CardBody>
      )}
      <CardFoot>
        {mode === "off" && button("observe", rules.length > 0 ? "primary" : "secondary")}
        {mode === "observe" && button("stop_observing", "quiet")}
        {mode === "observe" && (
          <Button variant={ready ? "primary" : "secondary"} onClick={open}>
            {t("action.enforce")}
          </Button>
        )}
        {mode === "enforce" && button("stop_enforcing", "secondary")}
      </CardFoot>
      {enforcing && forecast && (
        <EnforceDialog
          forecast={forecast}
          rules={rules.length}
          accountName={accountName}
          onClose={() => setEnforcing(false)}
        />
      )}
    </>
  );
}
