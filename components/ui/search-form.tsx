"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import type { FormEvent, ReactNode } from "react";
import { Button } from "./button";
import { TextInput } from "./field";

interface SearchFormProps {
  /** The path of the page that searches. */
  readonly action: string;
  /** The parameter that carries what is searched for. */
  readonly name?: string;
  /** What is searched for now; the page has it from its query. */
  readonly search: string;
  /** Parameters that the address keeps. */
  readonly keep?: Readonly<Record<string, string | undefined>>;
  readonly label: string;
  readonly placeholder: string;
  readonly submit: string;
  /** False keeps the page where it is scrolled to. */
  readonly scroll?: boolean;
  /** What was found; announced when it changes. */
  readonly result: ReactNode;
  /** The page shows the result in another way too, so that it is announced only. */
  readonly resultShownElsewhere?: boolean;
}

/** Search on the server by a plain GET form: works before and without JavaScript, and can be bookmarked. */
export function SearchForm({
  action,
  name = "search",
  search,
  keep = {},
  label,
  placeholder,
  submit,
  scroll = true,
  result,
  resultShownElsewhere = false,
}: SearchFormProps) {
  const { push } = useRouter();

  // As a link would: without it the browser loads the page anew.
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const asked = new URLSearchParams();
    for (const [key, value] of new FormData(event.currentTarget)) asked.append(key, String(value));
    push(`${action}?${asked}`, { scroll });
  }

  return (
    <search className="grid gap-2">
      <form action={action} onSubmit={onSubmit} className="flex flex-wrap gap-2">
        {Object.entries(keep).map(
          ([key, value]) => value && <input key={key} type="hidden" name={key} value={value} />,
        )}
        <TextInput
          key={search}
          type="search"
          name={name}
          defaultValue={search}
          aria-label={label}
          placeholder={placeholder}
          autoComplete="off"
          maxLength={200}
          className="min-w-0 flex-1 basis-40 sm:max-w-80"
        />
        <Button type="submit">
          <Search aria-hidden />
          {submit}
        </Button>
      </form>
      <p
        role="status"
        className={resultShownElsewhere || search === "" ? "sr-only" : "break-words text-muted"}
      >
        {search !== "" && result}
      </p>
    </search>
  );
}
