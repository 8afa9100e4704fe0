"use client";

import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";

/** A short message that comes and goes. */
interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
}

const none: readonly Toast[] = [];
let shown = none;
let lastId = 0;
const listeners = new Set<() => void>();

function show(tone: Toast["tone"], text: string): void {
  lastId += 1;
  // Three at most: the newest say what matters.
  set([...shown, { id: lastId, tone, text }].slice(-3));
}

function set(next: readonly Toast[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Says in passing that something worked or did not. What must be read belongs into the page, not here. */
export const toast = {
  success: (text: string) => show("good", text),
  error: (text: string) => show("bad", text),
};

/** Takes a message away. */
function dismissToast(id: number): void {
  set(shown.filter((each) => each.id !== id));
}

/** For useSyncExternalStore: what is shown now. */
const toastStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: () => shown,
  onServer: () => none,
};

const lifetimeMs = 6000;

interface ToasterProps {
  /** Name of the region for screen readers. */
  readonly label: string;
  readonly dismissLabel: string;
}

/**
 * Where toasts appear: above the content on narrow screens, where no button is at the hand. Clicks go through
 * them to what they cover, all but those on *Dismiss*. Our own: the libraries write styles without the page's
 * nonce, or bring 10 kB.
 */
export function Toaster({ label, dismissLabel }: ToasterProps) {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.current, toastStore.onServer);
  return (
    <section
      aria-label={label}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 top-2 z-50 grid justify-items-end gap-2 lg:top-auto lg:right-6 lg:bottom-6"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} dismissLabel={dismissLabel} />
      ))}
    </section>
  );
}

function ToastCard({ toast, dismissLabel }: { readonly toast: Toast; readonly dismissLabel: string }) {
  useEffect(() => {
    const timer = setTimeout(() => dismissToast(toast.id), lifetimeMs);
    return () => clearTimeout(timer);
  }, [toast.id]);

  const good = toast.tone === "good";
  const Icon = good ? CircleCheck : CircleAlert;
  return (
    <div className="flex w-full max-w-96 animate-appear items-start gap-3 rounded-md border border-line bg-surface py-2.5 pr-2 pl-3.5 shadow-float">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${good ? "text-good" : "text-bad"}`} />
      <p className="min-w-0 flex-1 text-pretty">{toast.text}</p>
      <button
        type="button"
        aria-label={dismissLabel}
        onClick={() => dismissToast(toast.id)}
        className="pointer-events-auto -my-0.5 grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-text"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
