import { useTranslations } from "next-intl";
import { classNames } from "@/components/ui/class-names";
import { controlStyle, Field } from "@/components/ui/field";
import { type AnswerStyle, answerStyleOf, answerStyles } from "@/lib/domain/answer-style";

interface AnswerStyleFieldProps {
  readonly value: AnswerStyle;
  readonly onChange: (style: AnswerStyle) => void;
}

/** In which words rejected callers are answered: of a service, or of an instance that stands alone. */
export function AnswerStyleField({ value, onChange }: AnswerStyleFieldProps) {
  const t = useTranslations("answers");
  return (
    <Field label={t("label")} name="answerStyle" hint={t(`hint.${value}`)}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={(event) => onChange(answerStyleOf(event.currentTarget.value))}
          className={classNames(controlStyle, "h-9")}
        >
          {answerStyles.map((style) => (
            <option key={style} value={style}>
              {t(`option.${style}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
