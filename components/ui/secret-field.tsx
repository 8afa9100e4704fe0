"use client";

import { useId } from "react";
import { classNames } from "./class-names";
import { controlStyle } from "./control-style";
import { CopyButton } from "./copy-button";

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly copyLabel: string;
  readonly copiedLabel: string;
  readonly failedLabel: string;
}

/** A secret to read and to copy: selects itself on focus, and nothing on the machine learns it as typed text. */
export function SecretField({ label, value, copyLabel, copiedLabel, failedLabel }: SecretFieldProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="flex flex-col gap-2 sm:flex-row">
        <input
          id={id}
          type="text"
          readOnly
          value={value}
          autoComplete="off"
          spellCheck={false}
          translate="no"
          onFocus={(event) => event.currentTarget.select()}
          className={classNames(controlStyle, "h-9 flex-1 font-mono")}
        />
        <CopyButton value={value} label={copyLabel} copiedLabel={copiedLabel} failedLabel={failedLabel} />
      </div>
    </div>
  );
}
