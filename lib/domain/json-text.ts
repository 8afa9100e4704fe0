/** What a JSON body says at a pointer: one text, none, or something that servers read in different ways. */
type JsonText = { readonly kind: "text"; readonly text: string } | { readonly kind: "none" | "ambiguous" };

/** A name without its case. Go also takes `\u017f` for `s` and `\u212a` for `k`: upper case first makes the same of them. */
export const foldCase = (name: string): string => name.toUpperCase().toLowerCase();

/** The keys of a JSON pointer (RFC 6901), for objects only. */
function keysOf(pointer: string): string[] {
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Deepest nesting that is read. Parsers of common servers give up between 64 and 10,000 levels. */
const deepest = 1000;

/** Longest text that is kept, in bytes as they are written: six times what a pointer's key or a name can have. */
const longestKept = 4096;

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openObject, closeObject, openArray, closeArray] = [0x7b, 0x7d, 0x5b, 0x5d];

const isWhitespace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const endsScalar = (byte: number) =>
  isWhitespace(byte) || byte === comma || byte === closeObject || byte === closeArray;
const isHexDigit = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);

/** Bytes that stand for themselves in a string: ASCII without controls, quotation mark and backslash. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte < 0x80 && byte !== quote && byte !== backslash),
);

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** Where something else than whole characters that stand for themselves comes, of one byte to three. */
function skipCharacters(piece: Uint8Array, from: number): number {
  let at = from;
  while (at < piece.length) {
    const byte = piece[at] as number;
    if (plain[byte] === 1) at++;
    else if (byte >= 0xc2 && byte <= 0xdf && isContinuation(piece[at + 1])) at += 2;
    else if (byte < 0xe1 || byte > 0xef || byte === 0xed) return at;
    else if (isContinuation(piece[at + 1]) && isContinuation(piece[at + 2])) at += 3;
    else return at;
  }
  return at;
}

/** The words that are values, by the byte they begin with. */
const words: ReadonlyMap<number, string> = new Map(
  ["true", "false", "null"].map((word) => [word.charCodeAt(0), word]),
);

/** What a byte is to a number, as a place in a step below: another, `0`, a higher digit, `-`, `+`, `.`, `e`. */
const kindOfByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x31 && byte <= 0x39) return 2;
  return Math.max(0, ["", "0", "", "-", "+", ".", "e"].indexOf(String.fromCharCode(byte).toLowerCase()));
});

const noNumber = 9;

/** Numbers (RFC 8259 §6) as states: of each the one that follows, by kind of byte. */
const numberSteps = [
  [9, 2, 3, 1, 9, 9, 9], // nothing yet
  [9, 2, 3, 9, 9, 9, 9], // minus
  [9, 9, 9, 9, 9, 4, 6], // zero
  [9, 3, 3, 9, 9, 4, 6], // digits
  [9, 5, 5, 9, 9, 9, 9], // point
  [9, 5, 5, 9, 9, 9, 6], // fraction
  [9, 8, 8, 7, 7, 9, 9], // e
  [9, 8, 8, 9, 9, 9, 9], // sign
  [9, 8, 8, 9, 9, 9, 9], // exponent
].map((step) => Uint8Array.from(step));

const endsOfNumbers: ReadonlySet<number> = new Set([2, 3, 5, 8]);

const simpleEscapes: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((each) => each.charCodeAt(0)));

const simple = /^[\x20-\x5b\x5d-\x7e]*$/;

/** A string as it is written, one character for each byte, that was found to be right. */
function textOf(bytes: string): string {
  if (simple.test(bytes)) return bytes;
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  return JSON.parse(`"${text}"`) as string;
}

/**
 * Finds the text at a pointer of a JSON body (RFC 8259, RFC 6901) that comes in pieces, cut anywhere. It takes time in
 * proportion to each piece, and keeps nothing of them but the keys on its way and that text. `ambiguous`: some key on the
 * way is there twice or in another case, since servers do not agree on which one counts; the body is no JSON, or not in
 * UTF-8; what stands there is no text; or names are longer and levels deeper than anybody needs.
 */
export class JsonTextScanner {
  readonly #keys: readonly string[];
  /** How often each key on the way was there, in any case. */
  readonly #counts: number[];
  /** Of each open level, whether it is an object. */
  readonly #objects: boolean[] = [];
  /** How many of them are on the way of the pointer: always the outermost. */
  #led = 0;
  /** The member whose value comes next is on the way. */
  #matched = false;
  #expects: "value" | "value_or_end" | "key" | "key_or_end" | "colon" | "comma" = "value";
  /** Inside of a string. */
  #inString = false;
  /** Of an escape: 5 behind its backslash, then how many hexadecimal digits are to come. */
  #escape = 0;
  /** Of a character in UTF-8: how many bytes are to come, and which the next may be. */
  #follow = 0;
  #lowest = 0x80;
  #highest = 0xbf;
  /** Inside of a number or word: which word, how much of it, and the state of the number. */
  #inScalar = false;
  #word = "";
  #wordAt = 0;
  #number = 0;
  /** What there is of a string that is kept, one character for each byte; null: it is not. */
  #kept: string | null = null;
  #text: string | null = null;
  #failed = false;

  /** @param pointer members of objects only */
  constructor(pointer: string) {
    this.#keys = keysOf(pointer);
    this.#counts = this.#keys.map(() => 0);
  }

  /** True once nothing that follows could make it anything but ambiguous. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Reads the next piece. */
  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length && !this.#failed; ) {
      at = this.#inString ? this.#readString(piece, at) : this.#readStructure(piece, at);
    }
  }

  /** What the body says, once all of it is read. */
  end(): JsonText {
    if (this.#inScalar) this.#endScalar();
    const complete = this.#expects === "comma" && this.#objects.length === 0 && !this.#inString;
    if (this.#failed || !complete) return { kind: "ambiguous" };
    return this.#text === null ? { kind: "none" } : { kind: "text", text: this.#text };
  }

  #fail(): void {
    this.#failed = true;
  }

  /** Reads on in a string; returns where it or the piece ends. */
  #readString(piece: Uint8Array, from: number): number {
    let at = from;
    while (at < piece.length && this.#inString && !this.#failed) {
      if (this.#escape === 0 && this.#follow === 0) at = skipCharacters(piece, at);
      if (at < piece.length) this.#readSpecial(piece[at++] as number);
    }
    const end = this.#inString ? at : at - 1;
    if (this.#kept !== null) {
      const room = longestKept + 1 - this.#kept.length;
      this.#kept += String.fromCharCode(...piece.subarray(from, Math.min(end, from + room)));
    }
    if (!this.#inString && !this.#failed) this.#endString();
    return at;
  }

  #readSpecial(byte: number): void {
    if (this.#escape === 5) {
      if (byte === 0x75) this.#escape = 4;
      else if (simpleEscapes.has(byte)) this.#escape = 0;
      else this.#fail();
    } else if (this.#escape > 0) {
      this.#escape--;
      if (!isHexDigit(byte)) this.#fail();
    } else if (this.#follow > 0) {
      if (byte < this.#lowest || byte > this.#highest) this.#fail();
      this.#follow--;
      [this.#lowest, this.#highest] = [0x80, 0xbf];
    } else if (byte === quote) {
      this.#inString = false;
    } else if (byte === backslash) {
      this.#escape = 5;
    } else {
      this.#beginCharacter(byte);
    }
  }

  /** The first byte of a character of several (RFC 3629 §4). */
  #beginCharacter(byte: number): void {
    if (byte < 0xc2 || byte > 0xf4) this.#fail();
    this.#follow = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xe0) this.#lowest = 0xa0;
    else if (byte === 0xf0) this.#lowest = 0x90;
    if (byte === 0xed) this.#highest = 0x9f;
    else if (byte === 0xf4) this.#highest = 0x8f;
  }

  /** Reads one byte of what is around strings, or a number or word; returns where that ends. */
  #readStructure(piece: Uint8Array, from: number): number {
    const byte = piece[from] as number;
    if (!this.#inScalar) {
      if (isWhitespace(byte) || this.#isStructural(byte)) return from + 1;
      this.#beginScalar(byte);
    }
    return this.#readScalar(piece, from);
  }

  /** Takes what opens, closes and separates. False for what begins a number or word. */
  #isStructural(byte: number): boolean {
    switch (byte) {
      case quote:
        this.#beginString();
        return true;
      case openObject:
      case openArray:
        this.#open(byte === openObject);
        return true;
      case closeObject:
      case closeArray:
        this.#close(byte === closeObject);
        return true;
      case comma:
        if (this.#expects !== "comma" || this.#objects.length === 0) this.#fail();
        this.#expects = this.#objects.at(-1) ? "key" : "value";
        return true;
      case colon:
        if (this.#expects !== "colon") this.#fail();
        this.#expects = "value";
        return true;
      default:
        return false;
    }
  }

  /** Whether the innermost level is an object on the way. */
  get #onTheWay(): boolean {
    return this.#led > 0 && this.#led === this.#objects.length;
  }

  /** A value begins. True where it is the one that the pointer leads to. */
  #beginValue(): boolean {
    if (this.#expects !== "value" && this.#expects !== "value_or_end") this.#fail();
    const isTheOne = this.#matched && this.#led === this.#keys.length;
    this.#expects = "comma";
    return isTheOne;
  }

  #beginString(): void {
    this.#inString = true;
    if (this.#expects === "key" || this.#expects === "key_or_end") {
      this.#kept = this.#onTheWay && this.#led <= this.#keys.length ? "" : null;
      this.#expects = "colon";
    } else {
      this.#kept = this.#beginValue() ? "" : null;
      this.#matched = false;
    }
  }

  #endString(): void {
    const kept = this.#kept;
    this.#kept = null;
    const isKey = this.#expects === "colon";
    if (isKey) this.#matched = false;
    if (kept === null) return;
    if (kept.length > longestKept) {
      // No key that is as long as this can be one on the way.
      if (!isKey) this.#fail();
      return;
    }
    const text = textOf(kept);
    if (isKey) this.#endKey(text);
    else this.#text = text;
  }

  #endKey(key: string): void {
    const level = this.#led - 1;
    const wanted = this.#keys[level] ?? "";
    // A parser written in C may end the name at a NUL.
    if (key !== wanted && foldCase(key.split("\0", 1)[0] ?? "") !== foldCase(wanted)) return;
    const count = (this.#counts[level] ?? 0) + 1;
    this.#counts[level] = count;
    if (count > 1 || key !== wanted) this.#fail();
    this.#matched = true;
  }

  #open(isObject: boolean): void {
    if (this.#beginValue() || this.#objects.length >= deepest) this.#fail();
    const leads = this.#objects.length === 0 || (this.#matched && this.#onTheWay);
    if (isObject && leads) this.#led++;
    this.#matched = false;
    this.#objects.push(isObject);
    this.#expects = isObject ? "key_or_end" : "value_or_end";
  }

  #close(isObject: boolean): void {
    const empty = isObject ? "key_or_end" : "value_or_end";
    const isOpen = this.#objects.pop();
    if (isOpen !== isObject || (this.#expects !== "comma" && this.#expects !== empty)) this.#fail();
    this.#led = Math.min(this.#led, this.#objects.length);
    this.#expects = "comma";
  }

  #beginScalar(byte: number): void {
    if (this.#beginValue()) this.#fail();
    this.#matched = false;
    this.#inScalar = true;
    this.#word = words.get(byte) ?? "";
    this.#wordAt = 0;
    this.#number = 0;
  }

  #readScalar(piece: Uint8Array, from: number): number {
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] as number;
      if (endsScalar(byte)) {
        this.#endScalar();
        return at;
      }
      if (this.#word !== "") {
        if (this.#word.charCodeAt(this.#wordAt++) !== byte) this.#fail();
      } else {
        this.#number = numberSteps[this.#number]?.[kindOfByte[byte] as number] ?? noNumber;
      }
    }
    return piece.length;
  }

  #endScalar(): void {
    this.#inScalar = false;
    const isWord = this.#word !== "" && this.#wordAt === this.#word.length;
    if (!isWord && !(this.#word === "" && endsOfNumbers.has(this.#number))) this.#fail();
  }
}
