import type { Code } from "./write/code.ts";

/** A name and its value, as they stood in a header, a query or a form. */
export type Pair = readonly [name: string, value: string];

/** One part of a multipart body; a `file` is a path that the walk reads. */
export interface Part {
  readonly name: string;
  readonly content: string;
  readonly file?: string;
  readonly filename?: string;
  readonly type?: string;
}

export type Body =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "parts"; readonly parts: readonly Part[] }
  | { readonly kind: "file"; readonly file: string };

/** One request as it was recorded, and what came back. */
export interface Ask {
  /** Where it stood in the input: `log.entries[3]`, `line 12`. */
  readonly place: string;
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: readonly Pair[];
  readonly body?: Body | undefined;
  /** What the step is called, where the input says so: `/items/:id`. */
  readonly name?: string;
  /** Milliseconds on any clock that all asks of the recording share. */
  readonly beganMs?: number | undefined;
  readonly tookMs?: number | undefined;
  readonly status?: number;
  /** The text of an answer in JSON. */
  readonly answer?: string | undefined;
  /** Names of the cookies that the answer set. */
  readonly sets?: readonly string[];
  /** Where the answer sent the client. */
  readonly redirect?: URL | undefined;
  readonly page?: string | undefined;
  /** The recorder's own word, or the media type of the answer: for what is a static file. */
  readonly resource?: string;
  /** Certificates were not checked. */
  readonly insecure?: boolean;
  /** A line for whoever reads the scenario. */
  readonly remark?: string;
}

/** What one user did, in order. */
export interface Flow {
  readonly name: string;
  readonly asks: readonly Ask[];
}

/** Phases and budget, where the input has them; otherwise the writer begins modestly. */
export interface Trial {
  /** Names in the order of the flows, as the writer came to call them. */
  readonly phases: (journeys: readonly string[]) => Code;
  readonly budget: (journeys: readonly string[]) => Code;
  /** Lines that explain them. */
  readonly remarks: { readonly phases: readonly string[]; readonly budget: readonly string[] };
  /** What both need from `seatrial`. */
  readonly words: readonly string[];
}

/** What every reader answers, and the writer makes a scenario of. */
export interface Recording {
  readonly flows: readonly Flow[];
  /** True for a browser's recording: what it sent to strangers is left out. */
  readonly browsed: boolean;
  /** Base addresses that are longer than an origin. */
  readonly bases: readonly string[];
  /** Words that stand in the asks for variables of the environment, and the names of those. */
  readonly variables: ReadonlyMap<string, string>;
  /** What the reader left out, and why: a line each. */
  readonly notes: readonly string[];
  readonly trial?: Trial;
}

/** Where nothing says where the service is. */
export const someBase = "http://127.0.0.1:8080";

/** A word that is nowhere in the input, to stand in for a variable until the writer puts the variable in. */
export function standIn(input: string): (name: string) => string {
  let mark = "seatrialvariable";
  while (input.includes(mark)) mark += "x";
  return (name) => `${mark}${[...name].map((letter) => letter.charCodeAt(0).toString(16).padStart(4, "0")).join("")}`;
}
