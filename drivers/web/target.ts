import { sayNth, sayWay } from "../flow/target.ts";

/** A text as it is looked for; plain data, for it goes into pages. */
export interface TextQuery {
  readonly text: string;
  /** The flags of a pattern; undefined for plain text. */
  readonly flags: string | undefined;
  readonly exact: boolean;
}

/** One step of the way to an element. */
export type Step =
  | { readonly by: "role"; readonly role: string; readonly name: TextQuery | undefined }
  | { readonly by: "label" | "text"; readonly text: TextQuery }
  | { readonly by: "testId" | "css" | "xpath" | "frame"; readonly at: string }
  | { readonly by: "nth"; readonly index: number };

/** The way to an element, from the page on. */
export type Target = readonly Step[];

export const textQuery = (text: string | RegExp, exact = false): TextQuery =>
  typeof text === "string" ? { text, flags: undefined, exact } : { text: text.source, flags: text.flags.replace(/[gy]/g, ""), exact };

const sayText = ({ text, flags }: TextQuery) => (flags === undefined ? `"${text}"` : `/${text}/${flags}`);

function sayStep(step: Step): string {
  switch (step.by) {
    case "role":
      return step.name ? `${step.role} ${sayText(step.name)}` : step.role;
    case "label":
    case "text":
      return `${step.by} ${sayText(step.text)}`;
    case "testId":
      return `test id "${step.at}"`;
    case "nth":
      return sayNth(step.index);
    default:
      return step.by === "frame" ? `frame ${step.at}` : step.at;
  }
}

/** The target for people, the element first: `button "Buy" in listitem "Rope"`. */
export const sayTarget = (target: Target): string => sayWay(target, sayStep);
