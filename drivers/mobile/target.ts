import { sayNth, sayWay } from "../flow/target.ts";
import type { Platform } from "./settings.ts";

/** One step of the way to an element. */
export type Step =
  | { readonly by: "label" | "id" | "text" | "xpath" | "css"; readonly at: string }
  | { readonly by: "own"; readonly using: string; readonly at: string }
  | { readonly by: "nth"; readonly index: number };

/** The way to an element, from the screen on. */
export type Target = readonly Step[];

/** A strategy of the protocol's and its selector. */
export interface Query {
  readonly using: string;
  readonly value: string;
}

/** A text in XPath 1.0, which knows no escapes. */
const xpathText = (text: string): string =>
  text.includes('"') ? `concat(${text.split('"').map((part) => `"${part}"`).join(`, '"', `)})` : `"${text}"`;
const cssText = (text: string): string => JSON.stringify(text).replaceAll("\\n", "\\a ");

/** How the platform's driver is asked; `inside` an element, or on the whole screen. */
export function queryOf(step: Exclude<Step, { readonly by: "nth" }>, platform: Platform, isWeb: boolean, inside: boolean): Query {
  const from = inside ? ".//" : "//";
  const { at } = step;
  switch (step.by) {
    case "own":
      return { using: step.using, value: at };
    case "css":
      return { using: "css selector", value: at };
    case "xpath":
      return { using: "xpath", value: at };
    case "label":
      return isWeb && platform !== "fake" ? { using: "css selector", value: `[aria-label=${cssText(at)}]` } : { using: "accessibility id", value: at };
    case "id":
      return isWeb && platform !== "fake" ? { using: "css selector", value: `[id=${cssText(at)}]` } : { using: "id", value: at };
    case "text":
      if (isWeb) return { using: "xpath", value: `${inside ? ".//" : "//body//"}*[text()[normalize-space(.)=${xpathText(at)}]]` };
      if (platform === "android") return { using: "-android uiautomator", value: `new UiSelector().text(${JSON.stringify(at)})` };
      if (platform === "ios") return { using: "-ios predicate string", value: `label == ${JSON.stringify(at)} OR value == ${JSON.stringify(at)}` };
      return { using: "xpath", value: `${from}*[@text=${xpathText(at)} or @value=${xpathText(at)}]` };
  }
}

function sayStep(step: Step): string {
  switch (step.by) {
    case "label":
      return `"${step.at}"`;
    case "id":
      return `#${step.at}`;
    case "text":
      return `text "${step.at}"`;
    case "own":
      return `${step.using} ${step.at}`;
    case "nth":
      return sayNth(step.index);
    default:
      return step.at;
  }
}

/** The target for people, the element first: `text "Buy" in "Rope"`. */
export const sayTarget = (target: Target): string => sayWay(target, sayStep);
