import { absent, ambiguous, type Complaint } from "./failure.ts";
import type { ElementExpectation } from "./page.ts";
import type { Phone } from "./phone.ts";
import type { Target } from "./target.ts";

const oneSpace = (text: string) => text.replace(/\s+/g, " ").trim();
const longest = 200;
const quote = (text: string) => JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
const fits = (wanted: string | RegExp, text: string) => (typeof wanted === "string" ? text.includes(oneSpace(wanted)) : new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, "")).test(text));

/** What is wrong with an element, if anything. Only what is expected is asked for: each look is a command. */
export async function complainOf(what: ElementExpectation, phone: Phone, target: Target): Promise<Complaint | undefined> {
  const { text, visible, enabled, checked, count } = what;
  const found = await phone.find(target);
  if (count !== undefined) {
    if (found.length !== count) return { cause: "expect count", instead: `there are ${found.length}` };
  } else if (found.length > 1) return ambiguous(found.length);
  const [id] = found;
  if (id === undefined) return text !== undefined || visible === true || enabled !== undefined || checked !== undefined ? absent : undefined;
  const { browser } = phone;
  if (visible !== undefined && (await browser.isElementDisplayed(id)) !== visible) return { cause: "expect visible", instead: visible ? "it is hidden" : "it is visible" };
  if (enabled !== undefined && (await browser.isElementEnabled(id)) !== enabled) return { cause: "expect enabled", instead: enabled ? "it is disabled" : "it is enabled" };
  if (checked !== undefined && (await isChecked(phone, id)) !== checked) return { cause: "expect checked", instead: checked ? "it is not checked" : "it is checked" };
  if (text !== undefined) {
    const said = oneSpace(await browser.getElementText(id));
    if (!fits(text, said)) return { cause: "expect text", instead: `it says ${quote(said)}` };
  }
  return undefined;
}

/** Android calls a switch that is on checked, and a tab that is open selected. */
async function isChecked({ browser, platform, isWeb }: Phone, id: string): Promise<boolean> {
  if (platform === "android" && !isWeb) return (await browser.getElementAttribute(id, "checked")) === "true";
  if (platform === "ios" && !isWeb) return (await browser.getElementAttribute(id, "value")) === "1";
  return browser.isElementSelected(id);
}

const say = (value: unknown) => (value instanceof RegExp ? String(value) : JSON.stringify(value));
/** An expectation for people: `text "is placed" visible true`. */
export const sayExpectation = (what: object) => Object.entries(what).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${say(value)}`).join(" ");
