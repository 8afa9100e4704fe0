import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { type FailedResult, useFieldMessage } from "@/components/shell/refusal";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Field, TextArea } from "@/components/ui/field";

/** What stands on the lines of a text, without empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

interface LinesFieldProps {
  readonly label: ReactNode;
  /** What a refusal calls the list; its items are `name.N`. */
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly failure: FailedResult | null;
  readonly hint: ReactNode;
  readonly placeholder?: string;
}

/** A list, one item a line; says of a refused one which it is. */
export function LinesField({ label, name, value, onChange, failure, hint, placeholder }: LinesFieldProps) {
  const t = useTranslations("services");
  const message = useFieldMessage();
  const refused = failure?.fields.find(({ field }) => field === name || field.startsWith(`${name}.`));
  const [, position] = /\.(\d+)$/.exec(refused?.field ?? "") ?? [];
  const line = position === undefined ? undefined : linesOf(value)[Number(position)];
  const said = message(refused);
  return (
    <Field label={label} name={name} hint={hint} error={line && said ? t("line", { line, said }) : said}>
      {(control) => (
        <TextArea
          {...control}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          rows={Math.max(1, value.split("\n").length)}
          placeholder={placeholder}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          translate="no"
          className="field-sizing-content min-h-9 font-mono wrap-anywhere"
        />
      )}
    </Field>
  );
}

interface FormPartProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly children: ReactNode;
}

/** Fields that belong together, on a card of their own. */
export function FormPart({ title, description, children }: FormPartProps) {
  const id = useId();
  return (
    <Card aria-labelledby={id}>
      <CardHead id={id} title={title} description={description} />
      <CardBody className="grid gap-6 pt-0 md:pt-0">{children}</CardBody>
    </Card>
  );
}
