/** The simple commands of a script, each as its words; quotes are taken away, expansions stay as they are written. */
export function commandsIn(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  const endWord = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  const text = script.replaceAll("\\\n", " ");
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "'" || character === '"') {
      const end = text.indexOf(character, at + 1);
      word = (word ?? "") + text.slice(at + 1, end === -1 ? undefined : end);
      at = end === -1 ? text.length : end;
    } else if (character === "#" && word === null) {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end - 1;
    } else if (/[\n;|&(){}]/.test(character)) endCommand();
    else if (/\s/.test(character)) endWord();
    else word = (word ?? "") + character;
  }
  endCommand();
  return commands;
}

const isAssignment = (word: string) => /^[A-Za-z_]\w*=/.test(word);

/** A command without what is set for it alone, and without what it is redirected to. */
export function bare(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !isAssignment(word));
  const rest = first === -1 ? [] : words.slice(first);
  const redirected = rest.findIndex((word) => /^[<>]/.test(word));
  return redirected === -1 ? rest : rest.slice(0, redirected);
}
