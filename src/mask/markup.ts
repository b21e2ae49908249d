import type { IsSecret } from "./fields.ts";
import { blot } from "./values.ts";

/** A tag with its attributes; quotes within it are closed, or it is none. */
const tag = /<([A-Za-z][\w:.-]{0,100})([^<>"']{0,400}(?:(?:"[^"]{0,4000}"|'[^']{0,4000}')[^<>"']{0,400}){0,200})>/g;
const attribute = /([\w:.@-]{1,100})(\s{0,10}=\s{0,10})("[^"]*"|'[^']*'|[^\s"'<>]+)/g;
/** What an element is called by. */
const callers = new Set(["id", "name", "resource-id", "label", "content-desc", "aria-label", "placeholder", "autocomplete", "data-testid", "title", "property", "http-equiv"]);
/** Elements that say something about a secret, and hold none. */
const wordy = /^(?:button|a|label|form|section|nav|main|header|footer|h[1-6]|legend|fieldset|summary|title|th|ul|ol|li|script|style|html|body|head)$/i;
/** Elements that people write into, by the names that HTML, Android and iOS have for them. */
const writable = /input|textarea|edit|field|secure|option/i;

/** Without the values of secret fields of HTML and XML: attributes, and the text of elements called so. */
export function withoutMarkup(text: string, isSecret: IsSecret): string {
  let clean = "";
  let done = 0;
  for (const found of text.matchAll(tag)) {
    const [whole, element, attributes] = found as unknown as [string, string, string];
    const isField = isSecretField(element, attributes, isSecret);
    const isClosed = attributes.endsWith("/");
    if (isField) {
      clean += text.slice(done, found.index) + `<${element}${attributes.replace(attribute, (pair, name: string, sign: string, value: string) => {
        const holds = name === "value" || name === "content" || (name === "text" && writable.test(element));
        return holds && !/^["']{2}$/.test(value) ? `${name}${sign}${blotIn(value)}` : pair;
      })}>`;
      done = found.index + whole.length;
    }
    if (isClosed || !(isSecret(element) || (isField && !wordy.test(element)))) continue;
    const begin = found.index + whole.length;
    const end = text.indexOf("<", begin);
    const inner = text.slice(begin, end < 0 ? text.length : end);
    if (inner.trim() === "") continue;
    clean += text.slice(done, begin) + blot;
    done = begin + inner.length;
  }
  return clean + text.slice(done);
}

const blotIn = (value: string): string => (value[0] === '"' || value[0] === "'" ? `${value[0]}${blot}${value[0]}` : blot);

function isSecretField(element: string, attributes: string, isSecret: IsSecret): boolean {
  if (/secure/i.test(element) || isSecret(element)) return true;
  for (const [, name, , quoted] of attributes.matchAll(attribute)) {
    const value = quoted!.replace(/^["']|["']$/g, "");
    if ((name === "type" && value === "password") || (name === "password" && value === "true") || (callers.has(name!.toLowerCase()) && isSecret(value))) return true;
  }
  return false;
}
