import type { PageVitals } from "./engine.ts";

/** What is measured of a page, in the order of reports. CLS is no time: its thousandths stand as ms. */
export const vitalNames = ["TTFB", "LCP", "CLS", "INP"] as const;

/** Where the script in the page tells what it measured. */
export const vitalsBinding = "__seatrialVitals";

/**
 * Runs in every document before its own scripts. Tells each change at once, for a page that is left
 * has no time for a last word; the latest one counts.
 */
export const vitalsScript = `(() => {
  if (window !== window.top || !/^https?:/.test(location.protocol)) return;
  const seen = {};
  const id = Math.random().toString(36).slice(2);
  const tell = () => { try { window.${vitalsBinding}({ id, url: location.href, values: { ...seen } }); } catch {} };
  const watch = (type, options, each) => {
    try {
      new PerformanceObserver((list) => { let told = false; for (const one of list.getEntries()) told = each(one) || told; if (told) tell(); }).observe({ type, buffered: true, ...options });
    } catch {}
  };
  watch("navigation", {}, (one) => { if (one.responseStart > 0) { seen.TTFB = one.responseStart; seen.CLS ??= 0; return true; } });
  watch("largest-contentful-paint", {}, (one) => { seen.LCP = one.startTime; return true; });
  let [shift, begin, end] = [0, 0, 0];
  watch("layout-shift", {}, (one) => {
    if (one.hadRecentInput) return false;
    if (one.startTime - end > 1000 || one.startTime - begin > 5000) { shift = 0; begin = one.startTime; }
    end = one.startTime;
    shift += one.value;
    if (shift * 1000 <= (seen.CLS ?? -1)) return false;
    seen.CLS = shift * 1000;
    return true;
  });
  const slowest = new Map();
  watch("event", { durationThreshold: 16 }, (one) => {
    if (!one.interactionId) return false;
    slowest.set(one.interactionId, Math.max(slowest.get(one.interactionId) ?? 0, one.duration));
    const times = [...slowest.values()].sort((a, b) => b - a);
    const inp = times[Math.min(times.length - 1, Math.floor(times.length / 50))];
    if (inp === seen.INP) return false;
    seen.INP = inp;
    return true;
  });
})();`;

/** What the script tells. */
export interface Told extends PageVitals {
  readonly id: string;
}

/** The latest word of each document; handed on when the tab shows the next one, or closes. */
export class Latest {
  readonly #done: (vitals: PageVitals) => void;
  #told: Told | undefined;
  constructor(done: (vitals: PageVitals) => void) {
    this.#done = done;
  }

  tell(told: Told): void {
    if (this.#told && this.#told.id !== told.id) this.flush();
    this.#told = told;
  }

  flush(): void {
    if (this.#told) this.#done(this.#told);
    this.#told = undefined;
  }
}

const id = /^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,})$/i;

/** What a page is called in measures: its path, with `:id` in place of numbers and the like, for each would be a name of its own. */
export const pageName = (url: string): string => new URL(url).pathname.split("/").map((part) => (id.test(part) ? ":id" : part)).join("/");
