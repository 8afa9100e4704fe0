"use client";

import { Check, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { Item, ItemIndicator, Label, RadioGroup, RadioItem, Separator } from "radix-ui/dropdown-menu";
import { type ReactNode, use } from "react";
import { classNames } from "./class-names";
import { AfterClose } from "./menu";

const itemStyle =
  "flex min-h-8 w-full cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1 outline-none " +
  "data-highlighted:bg-sunken data-disabled:opacity-55 [&>svg]:size-4 [&>svg]:shrink-0";

interface MenuItemProps {
  readonly icon?: LucideIcon;
  readonly tone?: "plain" | "danger";
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

/** Something to do. */
export function MenuItem({
  icon: Icon,
  tone = "plain",
  disabled = false,
  onSelect,
  children,
}: MenuItemProps) {
  const afterClose = use(AfterClose);
  return (
    <Item
      disabled={disabled}
      onSelect={() => afterClose(onSelect)}
      className={classNames(itemStyle, tone === "danger" && "text-bad")}
    >
      {Icon && <Icon aria-hidden className={tone === "plain" ? "text-muted" : ""} />}
      {children}
    </Item>
  );
}

interface MenuLinkProps {
  readonly icon?: LucideIcon;
  readonly href: string;
  readonly children: ReactNode;
}

/** Somewhere to go. */
export function MenuLink({ icon: Icon, href, children }: MenuLinkProps) {
  return (
    <Item asChild className={itemStyle}>
      <Link href={href}>
        {Icon && <Icon aria-hidden className="text-muted" />}
        {children}
      </Link>
    </Item>
  );
}

interface MenuRadioGroupProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: LucideIcon }[];
  readonly onChange: (value: T) => void;
}

/** One of several; the menu stays open to let one compare. */
export function MenuRadioGroup<T extends string>({
  label,
  value,
  options,
  onChange,
}: MenuRadioGroupProps<T>) {
  return (
    <RadioGroup aria-label={label} value={value}>
      <MenuLabel>{label}</MenuLabel>
      {options.map(({ value: option, label: text, icon: Icon }) => (
        <RadioItem
          key={option}
          value={option}
          onSelect={(event) => {
            event.preventDefault();
            onChange(option);
          }}
          className={itemStyle}
        >
          {Icon && <Icon aria-hidden className="text-muted" />}
          {text}
          <ItemIndicator className="ml-auto">
            <Check aria-hidden className="size-4 text-accent" />
          </ItemIndicator>
        </RadioItem>
      ))}
    </RadioGroup>
  );
}

/** A small heading inside a menu. */
export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <Label className="px-2.5 pt-1.5 pb-1 text-muted text-xs">{children}</Label>;
}

/** A hairline inside a menu. */
export function MenuSeparator() {
  return <Separator className="-mx-1 my-1 h-px bg-line" />;
}
