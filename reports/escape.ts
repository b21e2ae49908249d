/** What comes from the outside (names, bodies, errors) made safe for where it is shown. */

/** Characters that XML 1.0 forbids, lone surrogates among them, other controls, and those that turn the text around them. */
const notMarkup = /[^\t\n\r\u{20}-\u{7e}\u{a0}-\u{2029}\u{202f}-\u{2065}\u{206a}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
/** Control characters, and those that turn the direction of the text around them. */
const notPlain = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for HTML or XML, in an element or a quoted attribute; forbidden characters become `�`. */
export function escapeMarkup(text: string): string {
  return text.replace(notMarkup, "\ufffd").replace(/[&<>"']/g, (c) => entities[c]!);
}

/** One line for a terminal or a table cell: nothing in it can move a cursor or hide what follows. */
export function plainLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(notPlain, "\ufffd").trim();
}

/** At most `most` characters; a cut is marked with `…` and never halves a character. */
export function cutTo(text: string, most: number): string {
  if (text.length <= most) return text;
  let cut = text.slice(0, Math.max(0, most - 1));
  if (/[\ud800-\udbff]$/.test(cut)) cut = cut.slice(0, -1);
  return `${cut}…`;
}
