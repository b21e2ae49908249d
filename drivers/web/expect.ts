import type { Clock } from "../../src/units/clock.ts";
import { EngineFailure, type Seen, type Trait } from "./engine.ts";
import type { ElementExpectation, PageExpectation } from "./page.ts";

/** A page changes within a frame or two, or it takes its time. */
const pausesMs = [10, 25, 50, 100];

/** What was seen instead, and why that won't do. */
export interface Complaint {
  readonly cause: string;
  readonly instead: string;
}

/**
 * Looks again and again, until nothing is to complain of or the time is over.
 *
 * @throws EngineFailure with the latest complaint
 */
export async function becomes<T>(clock: Clock, untilMs: number, look: () => Promise<T>, complain: (seen: T) => Complaint | undefined): Promise<T> {
  for (let turn = 0; ; turn++) {
    const seen = await look();
    const complaint = complain(seen);
    if (!complaint) return seen;
    const leftMs = untilMs - clock.now();
    if (leftMs <= 0) throw new EngineFailure("refused", complaint.cause, complaint.instead);
    await clock.sleep(Math.min(leftMs, pausesMs[Math.min(turn, pausesMs.length - 1)]!));
  }
}

const oneSpace = (text: string) => text.replace(/\s+/g, " ").trim();
const longest = 200;
const quote = (text: string) => JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
const fits = (wanted: string | RegExp, text: string, isWhole: boolean) =>
  typeof wanted !== "string" ? new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, "")).test(text) : isWhole ? text === wanted : text.includes(wanted);

export const absent: Complaint = { cause: "no element", instead: "there is no such element" };
export const ambiguous = (count: number): Complaint => ({ cause: "ambiguous", instead: `there are ${count} such elements` });

const traits = ["text", "value", "visible", "enabled", "checked"] as const satisfies readonly Trait[];
/** What has to be looked at for an expectation. */
export const traitsOf = (what: ElementExpectation): readonly Trait[] => traits.filter((trait) => what[trait] !== undefined);

/** What is wrong with an element, if anything. */
export function complainOfElement(what: ElementExpectation, seen: Seen): Complaint | undefined {
  const { count } = seen;
  if (what.count !== undefined) {
    if (count !== what.count) return { cause: "expect count", instead: `there are ${count}` };
  } else if (count > 1) return ambiguous(count);
  const asksMore = what.text !== undefined || what.value !== undefined || what.enabled !== undefined || what.checked !== undefined || what.visible === true;
  if (count === 0) return asksMore ? absent : undefined;
  if (what.visible !== undefined && seen.visible !== what.visible) return { cause: "expect visible", instead: seen.visible ? "it is visible" : "it is hidden" };
  if (what.enabled !== undefined && seen.enabled !== what.enabled) return { cause: "expect enabled", instead: seen.enabled ? "it is enabled" : "it is disabled" };
  if (what.checked !== undefined && seen.checked !== what.checked) return { cause: "expect checked", instead: seen.checked ? "it is checked" : "it is not checked" };
  if (what.text !== undefined) {
    const text = oneSpace(seen.text);
    if (!fits(typeof what.text === "string" ? oneSpace(what.text) : what.text, text, false)) return { cause: "expect text", instead: `it says ${quote(text)}` };
  }
  if (what.value !== undefined && !fits(what.value, seen.value, true)) return { cause: "expect value", instead: `it holds ${quote(seen.value)}` };
  return undefined;
}

/** What is wrong with where a page is, if anything. */
export function complainOfPage(what: PageExpectation, at: { readonly url: string; readonly title: string }): Complaint | undefined {
  if (what.url !== undefined && !isAt(what.url, at.url)) return { cause: "expect url", instead: `it is ${at.url}` };
  if (what.title !== undefined && !fits(what.title, at.title, false)) return { cause: "expect title", instead: `it is ${quote(at.title)}` };
  return undefined;
}

/** A path is compared with the path, and with the query where it has one of its own. */
function isAt(wanted: string | RegExp, href: string): boolean {
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return fits(wanted, href, true);
  if (!URL.canParse(href)) return false;
  const { pathname, search, hash } = new URL(href);
  const [path] = /^[^?#]*/.exec(wanted)!;
  return `${pathname}${wanted.includes("?") ? search : ""}${wanted.includes("#") ? hash : ""}` === wanted || (path === wanted && pathname === wanted);
}

const say = (value: unknown) => (value instanceof RegExp ? String(value) : JSON.stringify(value));
/** An expectation for people: `text "is placed" visible true`. */
export const sayExpectation = (what: object) => Object.entries(what).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${say(value)}`).join(" ");
