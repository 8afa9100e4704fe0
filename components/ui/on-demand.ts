/** A part of the page that is loaded when somebody is about to need it. */
interface OnDemand<Part> {
  /** The part, once it is there; null before. */
  readonly part: Part | null;
  /** Begins to load it, for example when the pointer comes near; a failure is left to `load`. */
  readonly preload: () => void;
  /** Loads it once; false when it could not be had, so that the next call tries again. Never throws. */
  readonly load: () => Promise<boolean>;
}

/**
 * Keeps a part out of what a page loads at first: dialogs above all, which most visits do not open. Whoever needs the part
 * waits for it and shows meanwhile that something is under way: no click is lost, and nothing that matters is done before
 * what it ends in is there.
 *
 * @param fetchPart `() => import("./part")`
 */
export function onDemand<Part>(fetchPart: () => Promise<Part>): OnDemand<Part> {
  let part: Part | null = null;
  let loading: Promise<boolean> | null = null;

  function load(): Promise<boolean> {
    loading ??= fetchPart().then(
      (loaded) => {
        part = loaded;
        return true;
      },
      () => {
        loading = null;
        return false;
      },
    );
    return loading;
  }

  return {
    get part() {
      return part;
    },
    preload: () => void load(),
    load,
  };
}
