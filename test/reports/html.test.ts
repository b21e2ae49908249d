import { describe, expect, test } from "vitest";
import { html } from "../../reports/html/index.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Verdict } from "../../src/model/verdict.ts";
import { finding, gameDay, gameDayVerdict, hostile, phases } from "./game-day.ts";
import { LedgerWriter, runLine } from "./ledger.ts";
import { poorCases } from "./poor.ts";
import { elementsOf, everyElement, parseXml, textOf, type Element } from "./xml.ts";

const source = (view: LedgerView, verdict: Verdict) => html.render(view, verdict).files["index.html"] as string;
const cases = { gameDay: () => ({ view: gameDay(), verdict: gameDayVerdict }), ...poorCases };

describe.each(Object.entries(cases))("the page of %s", (_, make) => {
  const { view, verdict } = make();
  const root = parseXml(source(view, verdict));
  const all = [...everyElement(root)];
  const body = all.find((one) => one.name === "body")!;

  test("holds no style, no handler, no data address and no script but its own files and data", () => {
    for (const one of all) {
      expect(one.name).not.toBe("style");
      for (const [name, value] of Object.entries(one.attributes)) {
        expect(name).not.toMatch(/^(style|on\w+|srcset|formaction)$/);
        expect(value).not.toMatch(/^\s*(data|javascript):/i);
        if (name === "src" || (name === "href" && one.name === "link")) expect(Object.keys(html.render(view, verdict).files)).toContain(value);
      }
    }
    const scripts = elementsOf(root, "script").map((one) => [one.attributes["src"], one.attributes["type"]]);
    expect(scripts).toEqual([["uplot.js", undefined], ["plots.js", undefined], ["report.js", undefined], [undefined, "application/json"]]);
  });

  test("says the verdict first, in words", () => {
    const [word] = elementsOf(body, "section");
    expect(word!.attributes["aria-label"]).toBe("Verdict");
    expect(textOf(word!)).toContain(verdict.grade.toUpperCase());
  });

  test("shows every finding whole", () => {
    const text = textOf(body);
    for (const { id, expected, reason, evidence } of verdict.findings) {
      for (const part of [id, expected, reason, evidence]) expect(text).toContain(part);
    }
  });

  test("has one h1, headings that skip no level, ids that exist once, and links that lead somewhere", () => {
    const levels = all.filter((one) => /^h[1-6]$/.test(one.name)).map((one) => Number(one.name[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
    const ids = all.map((one) => one.attributes["id"]).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of elementsOf(body, "a")) expect(ids).toContain(link.attributes["href"]!.slice(1));
  });

  test("has tables with captions and scopes, figures with captions, and pictures with names", () => {
    for (const table of elementsOf(body, "table")) {
      expect(elementsOf(table, "caption")).toHaveLength(1);
      for (const head of elementsOf(table, "th")) expect(head.attributes["scope"]).toMatch(/^(col|row)$/);
    }
    for (const figure of elementsOf(body, "figure")) expect(elementsOf(figure, "figcaption")).toHaveLength(1);
    const named = (svg: Element) => svg.attributes["aria-hidden"] === "true" || svg.attributes["aria-label"] !== undefined;
    const inner = new Set(elementsOf(body, "svg").flatMap((svg) => elementsOf(svg, "svg").slice(1)));
    for (const svg of elementsOf(body, "svg")) if (!inner.has(svg)) expect(named(svg)).toBe(true);
  });

  test("never says NaN, undefined, Infinity or [object", () => {
    expect(textOf(body).replace(/\{"stepS".*$/s, "")).not.toMatch(/NaN|undefined|Infinity|\[object/);
    for (const one of all) for (const value of Object.values(one.attributes)) expect(value).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe("a game day", () => {
  const text = source(gameDay(), gameDayVerdict);
  const root = parseXml(text);

  test("keeps hostile words as words", () => {
    expect(elementsOf(root, "img")).toHaveLength(0);
    const shown = textOf(root);
    expect(shown).toContain(hostile.markup);
    expect(shown).toContain(hostile.journey);
    expect(text).not.toMatch(/[\u0000\u0007\u001b\u202e]/);
    expect(elementsOf(root, "b").map(textOf)).not.toContain("now");
  });

  test("shows all phases, storms and their times, causes, survival, probes, says and the command", () => {
    const shown = textOf(root).replace(/\s+/g, " ");
    for (const { name } of phases) expect(shown).toContain(name);
    for (const part of ["Whole again after 2.4s of 10s allowed", "Still broken after the 20s allowed", "not confirmed", "status 500", "orders in the table", "the platform did not mend it", "--on local --seed 42", "could not keep up in 1 second of 160"]) expect(shown).toContain(part);
  });

  test("draws rate, latency, errors and users with phases and storms", () => {
    const figures = elementsOf(root, "figure");
    expect(figures.map((one) => one.attributes["data-plot"])).toEqual(["rate", "latency", "errors", "users"]);
    for (const figure of figures) {
      const rects = elementsOf(figure, "rect").map((one) => one.attributes["class"]);
      expect(rects.filter((name) => name?.startsWith("phase"))).toHaveLength(6);
      expect(rects.filter((name) => name === "storm")).toHaveLength(5); // and one in the legend
      for (const path of elementsOf(figure, "path")) expect(path.attributes["d"]).toMatch(/^M[\d.]+ [\d.]+/);
    }
    expect(elementsOf(figures[1]!, "path").map((one) => one.attributes["class"])).toEqual(["line p50", "line p95", "line p99", "line begun"]);
  });
});

test("a run of ten days, a thousand findings and endless words make a small page", () => {
  const day = 86_400;
  const ledger = new LedgerWriter().add(runLine([{ name: "soak", judged: true }]), { k: "phase", t: 0, phase: 0, at: "begin" });
  for (let s = 0; s < 10 * day; s += 60) ledger.second(s, [{ phase: 0, journey: "browse", step: "GET /", due: [5], refused: 1, cause: `cause ${s}` }]);
  for (let i = 0; i < 2_000; i++) ledger.fail({ phase: 0, journey: "browse", step: "GET /" }, { t: i, user: i, cause: `cause ${i}`, body: hostile.long }).add({ k: "say", t: i, level: "info", text: hostile.long });
  const text = source(ledger.view(), { grade: "fail", unhealed: [], storms: [], findings: Array.from({ length: 1_000 }, (_, i) => finding(`f ${i}`, i % 2 ? "fail" : "pass", { reason: hostile.long })) });
  const points = elementsOf(parseXml(text), "path").filter((one) => one.attributes["class"]?.startsWith("line")).map((one) => one.attributes["d"]!.match(/[ML]/g)!.length);
  expect(Math.max(...points)).toBeLessThanOrEqual(600);
  expect(Math.max(...points)).toBeGreaterThan(200);
  expect(text.length).toBeLessThan(5_000_000);
});

test("a storm's card shows the touches, what the cluster did and the moments, in the order of time", () => {
  const root = parseXml(source(gameDay(), gameDayVerdict));
  const [card, ...others] = elementsOf(root, "article").filter((one) => one.attributes["class"] === "storm-card");
  const lists = elementsOf(card!, "ol");
  const moments = lists.find((one) => one.attributes["class"] === "moments")!;
  expect(elementsOf(moments, "li").map(textOf).map((text) => text.replaceAll(/\s+/g, " ").trim())).toEqual([
    "struck 25s kills 1 pod of shop", `first bad answer +60ms ${hostile.markup}`, "noticed by the cluster +80ms pod shop-1 of shop gone",
    "clients back in budget – clients were within budget all the time",
  ]);
  const [picture] = elementsOf(card!, "svg").filter((one) => one.attributes["class"] === "weather");
  expect(elementsOf(picture!, "circle")).toHaveLength(2);
  expect(elementsOf(picture!, "line").filter((one) => one.attributes["class"] === "moment")).toHaveLength(3);
  expect(elementsOf(picture!, "rect").some((one) => one.attributes["class"] === "bad")).toBe(true);
  expect(textOf(lists.find((one) => one.attributes["class"] === "sights")!)).toContain(hostile.markup);
  // A storm of which nothing of the kind is known has none.
  expect(others.flatMap((one) => elementsOf(one, "svg")).some((one) => one.attributes["class"] === "weather")).toBe(false);
});
