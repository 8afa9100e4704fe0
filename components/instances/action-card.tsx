import { type ReactNode, useId } from "react";
import { Card, CardBody, CardHead } from "@/components/ui/card";

interface ActionCardProps {
  readonly title: ReactNode;
  /** What the button will do. */
  readonly text: ReactNode;
  /** The button: beside the text where there is room, below it on narrow screens. */
  readonly action: ReactNode;
  /** Dialogs, and what went wrong. */
  readonly children: ReactNode;
}

/** A card that is about one button. */
export function ActionCard({ title, text, action, children }: ActionCardProps) {
  const headingId = useId();
  return (
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={title} />
      <CardBody className="-mt-3 flex flex-col gap-3 pt-0 sm:flex-row sm:items-center sm:justify-between sm:gap-6 md:pt-0">
        <p className="text-pretty text-muted">{text}</p>
        <div className="grid shrink-0">{action}</div>
      </CardBody>
      {children}
    </Card>
  );
}
