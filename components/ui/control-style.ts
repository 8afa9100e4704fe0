/**
 * Classes of everything one types or chooses in. 16 px on narrow screens, because iOS zooms into anything
 * smaller.
 */
export const controlStyle =
  "w-full min-w-0 rounded-md border border-line-control bg-surface px-3 text-lg text-text " +
  "placeholder:text-muted disabled:bg-sunken disabled:text-muted [&[readonly]]:bg-sunken sm:text-base " +
  "aria-invalid:border-bad";
