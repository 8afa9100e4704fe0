import { useTranslations } from "next-intl";
import type { Role } from "@/lib/domain/permissions";

interface RoleChoiceProps {
  readonly roles: readonly Role[];
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

/** The choice of a role, each with what it may do. */
export function RoleChoice({ roles, value, onChange }: RoleChoiceProps) {
  const t = useTranslations("members");
  const name = useTranslations("common.role");
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium">{t("role")}</legend>
      {roles.map((role) => (
        <label
          key={role}
          className="flex items-start gap-2.5 rounded-md border border-line-control px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name="role"
            value={role}
            checked={role === value}
            onChange={() => onChange(role)}
            className="mt-1 accent-accent"
          />
          <span>
            <span className="font-medium">{name(role)}</span>
            <span className="block text-pretty text-muted">{t(`may.${role}`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
