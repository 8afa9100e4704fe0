import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** No line is as long: 40 hexadecimal digits, a colon, a count, CR and LF. */
const longestLine = 128;

/** Below so many bytes the rest is read at once. */
const block = 4096;

/** So many places are looked at before a file is trusted. */
const samples = 32;

const faults = {
  noHash: "a line does not begin with a SHA-1 hash",
  longLine: "a line is too long",
  unsorted: "its lines are not sorted by hash",
};

/** A file that is not what it is said to be; the message says how, and holds nothing of its contents. */
export class HashFileError extends Error {
  override name = "HashFileError";

  constructor(readonly fault: keyof typeof faults) {
    super(faults[fault]);
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.toString("latin1", 0, bytesRead);
}

function hashOf(line: string): string {
  const hash = /^[0-9a-f]{40}(?=[:\r\n]|$)/i.exec(line)?.[0];
  if (!hash) throw new HashFileError("noHash");
  return hash.toUpperCase();
}

/** The first line that begins after `position`. There has to be one: lines are short. */
async function lineAfter(file: FileHandle, position: number): Promise<{ start: number; hash: string }> {
  const text = await readAt(file, position, 2 * longestLine);
  const end = text.indexOf("\n");
  if (end < 0 || end > longestLine) throw new HashFileError("longLine");
  return { start: position + end + 1, hash: hashOf(text.slice(end + 1)) };
}

/**
 * Whether a hash begins a line of a sorted file, found by bisection: about 25 short reads in 40 GB, and nothing
 * of it stays in memory. What it comes across must be in order, because a file in another order would make it
 * miss hashes that are there.
 */
async function contains(file: FileHandle, size: number, wanted: string): Promise<boolean> {
  // The wanted line, if there is one, begins at `from` or later and before `to`.
  let [from, to] = [0, size];
  let [low, high] = ["", "G"];
  while (to - from > block) {
    const { start, hash } = await lineAfter(file, Math.floor((from + to) / 2));
    if (hash <= low || hash >= high) throw new HashFileError("unsorted");
    if (hash <= wanted) [from, low] = [start, hash];
    else [to, high] = [start, hash];
  }
  const rest = await readAt(file, from, to - from + longestLine);
  // Nothing but hashes, and at least one: an emptied file is no list.
  hashOf(rest);
  const lines = rest.split("\n");
  return lines.some((line) => line.slice(0, 40).toUpperCase() === wanted);
}

async function withFile<T>(path: string, work: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    return await work(file, size);
  } finally {
    await file.close();
  }
}

/**
 * Whether a file of SHA-1 hashes has that of a text in UTF-8. The file is one as the downloader of *Pwned
 * Passwords* writes it: lines of `HASH:COUNT`, sorted by hash, with LF or CRLF, the last one with or without.
 *
 * @throws HashFileError for another file; the file system's error when it cannot be read
 */
export function hasHashOf(path: string, text: string): Promise<boolean> {
  const wanted = createHash("sha1").update(text, "utf8").digest("hex").toUpperCase();
  return withFile(path, (file, size) => contains(file, size, wanted));
}

/**
 * Looks at the beginning and at places all over a file that `hasHashOf` is going to read.
 *
 * @throws HashFileError when it is empty, has other lines, or is not sorted by hash; the file system's error
 */
export function checkHashFile(path: string): Promise<void> {
  return withFile(path, async (file, size) => {
    let before = hashOf(await readAt(file, 0, longestLine));
    for (let index = 1; index < samples && size > samples * block; index += 1) {
      const { hash } = await lineAfter(file, Math.floor((size / samples) * index));
      if (hash <= before) throw new HashFileError("unsorted");
      before = hash;
    }
  });
}
