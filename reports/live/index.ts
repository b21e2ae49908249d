import { beside, sharedAssets } from "../html/assets.ts";
import { page } from "./page.ts";

const types: Readonly<Record<string, string>> = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml" };

/** The files of the live page, by their name; "" is the page itself. It holds nothing of a run: what it shows it asks its server for. */
export function livePage(): Readonly<Record<string, { readonly type: string; readonly body: string }>> {
  const files = { ...sharedAssets(), "live.css": beside("live.css", import.meta.url), "live.js": beside("live.js", import.meta.url), "dom.js": beside("dom.js", import.meta.url), "panels.js": beside("panels.js", import.meta.url) };
  const named = Object.entries(files).map(([name, body]) => [name, { type: types[name.split(".").at(-1)!]!, body }] as const);
  return { "": { type: types["html"]!, body: page() }, ...Object.fromEntries(named) };
}
