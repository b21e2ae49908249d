import { styleText } from "node:util";

/** Where text goes: a stream, or what a test has in its place. */
export interface Out {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** How to talk to it. */
export interface Manner {
  /** Redraw a block in place; otherwise a line every few seconds. */
  readonly live: boolean;
  readonly colour: boolean;
  readonly columns: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const set = (value: string | undefined): boolean => value !== undefined && value !== "" && value !== "0" && value !== "false";

/** Live and coloured on a terminal that a person watches; plain in pipes, in CI and under `NO_COLOR`. `FORCE_COLOR` colours anyway. */
export function mannerOf(out: Out, env: Environment): Manner {
  const person = out.isTTY === true && !set(env["CI"]) && !set(env["NO_COLOR"]) && env["TERM"] !== "dumb";
  return { live: person, colour: person || (set(env["FORCE_COLOR"]) && !set(env["NO_COLOR"])), columns: Math.max(40, out.columns ?? 80) };
}

type Colour = Parameters<typeof styleText>[0];
export type Paint = (colour: Colour, text: string) => string;

/** Colours text, or leaves it. The manner has decided: the stream is not asked again. */
export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

export const gradeColour = { pass: "green", unsure: "yellow", fail: "red" } as const;
