/** Where a template finds the text for a name; undefined leaves `{{name}}` as it stands. */
export interface Lookup {
  text(name: string): string | undefined;
}

const gap = /\{\{([^{}]*?)\}\}/g;
/** A value may hold gaps in turn, so many deep. */
const mostRounds = 19;

/** A text with `{{gaps}}`, split once and filled as often as it is sent. */
export class Template {
  readonly #parts: readonly string[];
  readonly source: string;

  constructor(source: string) {
    this.source = source;
    this.#parts = source.includes("{{") ? source.split(gap) : [source];
  }

  /** True where it is the same for everybody. */
  get isConstant(): boolean {
    return this.#parts.length === 1;
  }

  /** The names in it, which a value may add to. */
  get names(): readonly string[] {
    return this.#parts.filter((_, index) => index % 2 === 1);
  }

  fill(look: Lookup): string {
    const parts = this.#parts;
    if (parts.length === 1) return parts[0]!;
    let text = parts[0]!;
    let filled = false;
    for (let index = 1; index < parts.length; index += 2) {
      const value = look.text(parts[index]!);
      if (value === undefined) text += `{{${parts[index]!}}}`;
      else {
        text += value;
        filled = true;
      }
      text += parts[index + 1]!;
    }
    return filled && text.includes("{{") ? again(text, look) : text;
  }
}

/** Fills what the values themselves brought. */
function again(text: string, look: Lookup): string {
  for (let round = 1; round < mostRounds; round++) {
    let filled = false;
    text = text.replace(gap, (whole, name: string) => {
      const value = look.text(name);
      if (value === undefined) return whole;
      filled = true;
      return value;
    });
    if (!filled) break;
  }
  return text;
}

/** Fills a text, or every text in a plain value. */
export function fill(value: unknown, look: Lookup): unknown {
  if (typeof value === "string") return new Template(value).fill(look);
  if (Array.isArray(value)) return value.map((one) => fill(one, look));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, look)]));
}
