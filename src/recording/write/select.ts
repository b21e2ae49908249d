import { isIP } from "node:net";
import type { Ask, Recording } from "../recording.ts";

/** What becomes of style sheets, scripts, images and fonts. */
export type AssetChoice = "drop" | "keep" | "group";

/** An ask that goes into the scenario. */
export interface Chosen extends Ask {
  /** Static files that were loaded after it, to be loaded side by side. */
  readonly assets: readonly Ask[];
  /** The answer leads to a stranger: the client must not follow. */
  readonly stays: boolean;
}

export interface Selection {
  /** In the order of the recording's flows. */
  readonly flows: readonly { readonly name: string; readonly asks: readonly Chosen[] }[];
  /** What was left out, a line each. */
  readonly notes: readonly string[];
}

/** The requests that are worth a line of the scenario. */
export function select({ flows, browsed, notes }: Recording, assets: AssetChoice): Selection {
  const count = new Map<string, number>();
  for (const { asks } of flows) for (const ask of asks) if (!browsed || !isAsset(ask)) count.set(ask.url.origin, (count.get(ask.url.origin) ?? 0) + 1);
  const main = [...count].reduce<[string, number] | undefined>((most, one) => (most && most[1] >= one[1] ? most : one), undefined)?.[0];
  const isOwn = (url: URL) => !browsed || main === undefined || sameSite(new URL(main), url);
  const strangers = new Map<string, number>();
  let files = 0;

  const chosen = flows.map(({ name, asks }) => {
    const own = withoutRedirects(asks.filter(({ url }) => {
      if (!isOwn(url)) strangers.set(url.host, (strangers.get(url.host) ?? 0) + 1);
      return isOwn(url);
    }));
    const kept: (Chosen & { readonly assets: Ask[] })[] = [];
    for (const ask of own) {
      const isFile = browsed && assets !== "keep" && isAsset(ask);
      if (!isFile) kept.push({ ...ask, assets: [], stays: ask.redirect !== undefined && !isOwn(ask.redirect) });
      else if (assets === "group" && kept.length > 0 && (ask.status ?? 200) < 400) kept.at(-1)!.assets.push(ask);
      else files++;
    }
    return { name, asks: kept };
  });
  const hosts = [...strangers].sort((a, b) => b[1] - a[1]);
  const told = hosts.slice(0, 12).map(([host, times]) => `${host} (${times})`).join(", ");
  return {
    flows: chosen,
    notes: [
      ...notes,
      ...(files > 0 ? [`static files: ${files}; --assets keep or group brings them back`] : []),
      ...(hosts.length > 0 ? [`requests to other people's hosts: ${told}${hosts.length > 12 ? ` and ${hosts.length - 12} more` : ""}`] : []),
    ],
  };
}

function isAsset({ method, url, resource = "" }: Ask): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  if (/\b(image|font|video|audio)\/|\btext\/css\b|\b(java|ecma)script\b|\bwasm\b|\bfont-woff/i.test(resource)) return true;
  if (/^(stylesheet|script|image|font|media|manifest|texttrack)\b/i.test(resource)) return true;
  return !/\b(json|html|xml)\b/i.test(resource) && /\.(css|m?js|map|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|otf|eot|mp[34]|webm|wasm)$/i.test(url.pathname);
}

/** `api.shop.example` and `www.shop.example` are one house; `co.uk` is none. */
function siteOf(hostname: string): string {
  if (isIP(hostname.replace(/^\[|\]$/g, ""))) return hostname;
  const labels = hostname.split(".");
  const top = labels.at(-1) ?? "";
  const isCountry = top.length === 2 && /^(co|com|org|net|ac|gov|edu)$/.test(labels.at(-2) ?? "");
  return labels.slice(isCountry ? -3 : -2).join(".");
}

const sameSite = (a: URL, b: URL): boolean => siteOf(a.hostname) === siteOf(b.hostname);

/** How many requests of others may come between a redirect and what it led to. */
const farthest = 20;

/** The driver follows redirects itself: what they led to is part of the request that began them. */
function withoutRedirects(asks: readonly Ask[]): Ask[] {
  const gone = new Set<Ask>();
  return asks.flatMap((first, index): Ask[] => {
    if (gone.has(first)) return [];
    let whole = first;
    for (let at = index; whole.redirect; ) {
      const to = bare(whole.redirect);
      const step = asks.slice(at + 1, at + 1 + farthest).findIndex((ask) => !gone.has(ask) && (ask.method === "GET" || ask.method === whole.method) && bare(ask.url) === to);
      if (step < 0) break;
      at += 1 + step;
      const last = asks[at]!;
      gone.add(last);
      const { status, redirect, answer, beganMs, tookMs } = last;
      const endMs = beganMs !== undefined && whole.beganMs !== undefined ? beganMs + (tookMs ?? 0) - whole.beganMs : undefined;
      whole = { ...whole, redirect, answer, ...(status !== undefined && { status }), sets: [...(whole.sets ?? []), ...(last.sets ?? [])], ...(endMs !== undefined && { tookMs: endMs }) };
    }
    return [whole];
  });
}

const bare = ({ href, hash }: URL): string => href.slice(0, href.length - hash.length);
