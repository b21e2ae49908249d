import { escapeMarkup } from "../escape.ts";

/** Markup that is safe to put on the page. Only `html` makes it, and `html` escapes whatever else it is given. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | false | readonly Part[];

function put(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  return Array.isArray(part) ? part.map(put).join("") : escapeMarkup(String(part));
}

/** @example html`<td class="${name}">${text}</td>` */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + put(parts[i - 1]) + string));
}

/** Data for the page's script. It is not executed; nothing in it can end the element. */
export function jsonData(id: string, data: unknown): Markup {
  const text = JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return new Markup(`<script type="application/json" id="${escapeMarkup(id)}">${text}</script>`);
}
