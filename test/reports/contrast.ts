import type { Page } from "playwright-core";

/** Words of a page that have less than 4.5:1 contrast to what is under them, as WCAG counts it. */
export function poorWords(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
      const parse = (c) => { const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
      const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1 });
      const ground = (e) => e === null ? { r: 255, g: 255, b: 255, a: 1 } : over(parse(getComputedStyle(e).backgroundColor), ground(e.parentElement));
      const light = ({ r, g, b }) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const found = new Set();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const e = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || ["SCRIPT", "TITLE", "title"].includes(e.tagName)) continue;
        const style = getComputedStyle(e);
        const under = ground(e);
        const [a, b] = [light(over(parse(e.namespaceURI.endsWith("svg") ? style.fill : style.color), under)), light(under)];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) found.add(e.tagName + "." + e.getAttribute("class") + " " + ratio.toFixed(2));
      }
      return [...found];
  })()`);
}
