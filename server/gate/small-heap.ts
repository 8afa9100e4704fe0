import { setFlagsFromString } from "node:v8";

/**
 * By default the engine lets a heap grow to several times what is alive before it looks for what is not. A
 * gate that holds a hundred thousand policies would take half a gigabyte of mostly nothing; so it is looked
 * for when a fifth has been added, a few times a minute.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=20");
}
