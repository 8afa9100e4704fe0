import { useTranslations } from "next-intl";
import { LiveUpdates } from "@/components/live/live-updates";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { addressStatus } from "@/lib/domain/address-rule";
import type { AddressRestrictionView } from "@/lib/domain/address-view";
import { AddAddress } from "./add-address";
import type { AddressActions } from "./address-actions";
import { AddressControls } from "./address-controls";
import { AddressList } from "./address-list";
import { AddressSentence } from "./address-sentence";
import { AddressStatusPill } from "./address-status";
import { AddressWhy } from "./address-why";
import { AddressCallerTable } from "./caller-table";

interface AddressModuleProps {
  readonly view: AddressRestrictionView;
  readonly accountName: string;
  /** True where nothing else on the page follows what happens. */
  readonly live: boolean;
  /** null: this person may look but not change. */
  readonly actions: AddressActions | null;
}

const headingId = "address-restriction";

/** The region *Address restriction*: what the list does, its entries, whom it rejects, and the ladder. */
export function AddressModule({ view, accountName, live, actions }: AddressModuleProps) {
  const t = useTranslations("addresses");
  const { mode, rules, forecast, rejections, current } = view;
  const status = addressStatus(mode, rules.length);
  const listed = (forecast?.total ?? 0) + (forecast?.unknown ?? 0) + (rejections?.total ?? 0) > 0;
  return (
    <Card aria-labelledby={headingId} className="mt-6">
      <CardHead
        id={headingId}
        title={t("title")}
        description={<AddressSentence view={view} />}
        aside={
          <>
            {live && <LiveUpdates />}
            <AddressStatusPill status={status} />
          </>
        }
      />
      {forecast && <AddressCallerTable what="would" {...forecast} add={actions?.add ?? null} />}
      {rejections && (
        <AddressCallerTable what="were" {...rejections} unknown={0} add={actions?.add ?? null} />
      )}
      <CardBody className={listed ? "grid gap-5 border-line border-t" : "grid gap-5 pt-0 md:pt-0"}>
        {rules.length === 0 && <AddressWhy />}
        {actions && <AddAddress current={current} actions={actions} />}
        {rules.length > 0 && (
          <AddressList
            rules={rules}
            enforced={mode === "enforce"}
            accountName={accountName}
            actions={actions}
          />
        )}
      </CardBody>
      {actions ? (
        <AddressControls view={view} accountName={accountName} actions={actions} headingId={headingId} />
      ) : (
        <CardFoot note={t("scope.viewer")} />
      )}
    </Card>
  );
}
