import { useRef, useState } from "react";

/** A row of a form, of which there may be more or fewer. */
export interface Row {
  /** Stays the same while rows come and go. */
  readonly key: number;
}

/** The rows with a new one at the end, under a key that no other has. */
export function withNewRow<R extends Row>(rows: readonly R[], make: (key: number) => R): R[] {
  return [...rows, make(Math.max(-1, ...rows.map(({ key }) => key)) + 1)];
}

/** The rows with one of them changed. */
export function withRow<R extends Row>(rows: readonly R[], key: number, change: Partial<R>): R[] {
  return rows.map((row) => (row.key === key ? { ...row, ...change } : row));
}

/** What the buttons and fields of rows do. `addButton` is the ref of the one that adds. */
export function useRows<R extends Row>(rows: readonly R[], onChange: (rows: R[]) => void) {
  const [added, setAdded] = useState<number | undefined>();
  const addButton = useRef<HTMLButtonElement>(null);
  return {
    addButton,
    /** Added by the click just now: it takes the focus. */
    isFresh: ({ key }: R) => key === added,
    add(make: (key: number) => R) {
      const next = withNewRow(rows, make);
      onChange(next);
      setAdded(next.at(-1)?.key);
    },
    change: (key: number, part: Partial<R>) => onChange(withRow(rows, key, part)),
    remove(key: number) {
      onChange(rows.filter((row) => row.key !== key));
      // The focused button goes away with its row.
      addButton.current?.focus();
    },
  };
}
