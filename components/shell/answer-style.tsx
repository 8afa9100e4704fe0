import { useTranslations } from "next-intl";
import { SelectField } from "@/components/ui/field";
import { type AnswerStyle, answerStyleOf, answerStyles } from "@/lib/domain/answer-style";

interface AnswerStyleFieldProps {
  readonly value: AnswerStyle;
  readonly onChange: (style: AnswerStyle) => void;
}

/** In which words rejected callers are answered: of a service, or of an instance that stands alone. */
export function AnswerStyleField({ value, onChange }: AnswerStyleFieldProps) {
  const t = useTranslations("answers");
  return (
    <SelectField
      label={t("label")}
      name="answerStyle"
      hint={t(`hint.${value}`)}
      value={value}
      onChange={(value) => onChange(answerStyleOf(value))}
    >
      {answerStyles.map((style) => (
        <option key={style} value={style}>
          {t(`option.${style}`)}
        </option>
      ))}
    </SelectField>
  );
}
