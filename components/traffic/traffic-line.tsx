import { useTranslations } from "next-intl";
import { Card } from "@/components/ui/card";
import type { TrafficView } from "@/lib/domain/traffic";
import { axisTop } from "./scale";
import { TrafficBars } from "./traffic-bars";

/** Calls of the whole account in one line, with bars beside it; nothing while there are none. */
export function TrafficLine({ traffic }: { readonly traffic: TrafficView }) {
  const t = useTranslations("traffic");
  const { accepted, rejected, range, buckets } = traffic;
  if (accepted + rejected === 0) return null;
  const top = axisTop(Math.max(...buckets.map((bucket) => bucket.accepted + bucket.rejected)));
  return (
    <Card
      aria-labelledby="traffic"
      className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 p-4 md:px-6"
    >
      <div className="min-w-0">
        <h2 id="traffic" className="font-semibold text-lg tracking-tight">
          {t("title")}
        </h2>
        <p className="text-pretty text-muted">{t(`lede.${range}`, { accepted, rejected })}</p>
      </div>
      <TrafficBars traffic={traffic} top={top} className="block h-10 w-full sm:w-72" />
    </Card>
  );
}
