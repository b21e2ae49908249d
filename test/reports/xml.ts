/** A strict reader of XML documents, as unforgiving as a CI server: it throws at the first offence. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export function parseXml(text: string): Element {
  const bad = forbidden.exec(text);
  if (bad) throw new Error(`forbidden character U+${bad[0].codePointAt(0)!.toString(16)} at ${bad.index}`);
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${JSON.stringify(text.slice(at, at + 60))}`);
  };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const sticky = new RegExp(pattern, "uy");
    sticky.lastIndex = at;
    const match = sticky.exec(text);
    if (match) at = sticky.lastIndex;
    return match;
  };
  const decode = (raw: string): string => {
    if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/iu.test(raw)) fail("unknown entity");
    return raw.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/giu, (_, hex, dec, name) => (name ? entities[name]! : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(dec))));
  };
  const name = /[A-Za-z_:][\w:.-]*/;

  const element = (): Element => {
    if (!take(/</)) fail("no element");
    const tag = (take(name) ?? fail("no name"))[0];
    const attributes: Record<string, string> = {};
    for (;;) {
      const space = take(/\s+/);
      if (take(/\/>/)) return { name: tag, attributes, children: [] };
      if (take(/>/)) break;
      if (!space) fail("no space before an attribute");
      const key = (take(name) ?? fail("no attribute"))[0];
      if (!take(/=/)) fail("attribute without a value");
      const value = take(/"([^"<]*)"/) ?? take(/'([^'<]*)'/) ?? fail("bad attribute value");
      if (key in attributes) fail(`attribute ${key} twice`);
      attributes[key] = decode(value[1]!);
    }
    const children: (Element | string)[] = [];
    for (;;) {
      const raw = take(/[^<]+/);
      if (raw) {
        if (raw[0].includes("]]>")) fail("]]> in text");
        children.push(decode(raw[0]));
      }
      const close = take(/<\/([\w:.-]+)\s*>/);
      if (close) return close[1] === tag ? { name: tag, attributes, children } : fail(`</${close[1]}> closes <${tag}>`);
      if (at >= text.length) fail(`<${tag}> is never closed`);
      children.push(element());
    }
  };

  take(/<\?xml version="1\.0" encoding="UTF-8"\?>/);
  take(/\s*<!doctype html>/);
  take(/\s+/);
  const root = element();
  take(/\s+/);
  if (at < text.length) fail("text after the root");
  return root;
}

export const textOf = (node: Element | string): string => (typeof node === "string" ? node : node.children.map(textOf).join(""));

export function* everyElement(node: Element): Generator<Element> {
  yield node;
  for (const child of node.children) if (typeof child !== "string") yield* everyElement(child);
}

export const elementsOf = (node: Element, name: string): Element[] => [...everyElement(node)].filter((one) => one.name === name);
