/** How many columns a text takes on a terminal, and text made to fit. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const nothing = /[\p{M}\u200b-\u200d\ufe00-\ufe0f]/u;
/** Everyday text needs no look at each character. */
const simple = /^[\x20-\x7e]*$/;

const widthOfOne = (character: string): number => (nothing.test(character) ? 0 : wide.test(character) ? 2 : 1);

export function widthOf(text: string): number {
  if (simple.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfOne(character);
  return width;
}

/** At most `most` columns, a cut marked with `…`. */
export function fit(text: string, most: number): string {
  if (widthOf(text) <= most) return text;
  let [kept, width] = ["", 0];
  for (const character of text) {
    width += widthOfOne(character);
    if (width > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Words in lines of at most `most` columns; a longer word is broken. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(" ")) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) <= most) {
      line += ` ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    for (; widthOf(word) > most; word = word.slice(lines.at(-1)!.length)) lines.push(head(word, most));
    line = word;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

function head(word: string, most: number): string {
  let [kept, width] = ["", 0];
  for (const character of word) {
    width += widthOfOne(character);
    if (width > most && kept !== "") break;
    kept += character;
  }
  return kept;
}
