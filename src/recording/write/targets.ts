import { camel, type Names } from "./names.ts";
import type { Ask } from "../recording.ts";

/** One address that the scenario talks to: a driver of its own. */
export interface Target {
  readonly name: string;
  readonly base: string;
  readonly asks: readonly Ask[];
}

const general = new Set(["www", "web", "app", "localhost", "staging", "stage", "dev", "test", "prod", "qa", "uat"]);

interface Targets {
  readonly targets: readonly Target[];
  readonly targetOf: (ask: Ask) => Target;
}

/** A driver for every address, the most frequent first. @param assets are asked of the targets too, and say nothing about them */
export function targetsOf(asks: readonly Ask[], assets: readonly Ask[], bases: readonly string[], names: Names): Targets {
  const byBase = new Map<string, Ask[]>();
  for (const ask of [...asks, ...assets]) byBase.set(baseOf(ask.url, bases), []);
  for (const ask of asks) byBase.get(baseOf(ask.url, bases))!.push(ask);
  const targets = [...byBase].sort(([, a], [, b]) => b.length - a.length).map(([base, own]) => ({ base, asks: own, name: names.take(nameOf(base)) }));
  return { targets, targetOf: ({ url }) => targets.find(({ base }) => base === baseOf(url, bases))! };
}

const within = (href: string, base: string) => href.startsWith(base) && /^[/?#]|^$/.test(href.slice(base.length));

const baseOf = (url: URL, bases: readonly string[]): string =>
  bases.filter((base) => within(url.href, base)).sort((a, b) => b.length - a.length)[0] ?? url.origin;

/** What comes after the base. */
export function pathOf({ pathname }: URL, base: string): string {
  const before = new URL(base).pathname.replace(/\/$/, "");
  return pathname.slice(before.length) || "/";
}

function nameOf(base: string): string {
  const { hostname } = new URL(base);
  const labels = hostname.split(".");
  const said = /^[\d.]+$|[:[]/.test(hostname) ? undefined : labels.find((label, index) => !general.has(label) && (index < labels.length - 1 || labels.length === 1));
  return camel(said ?? "", "site");
}
