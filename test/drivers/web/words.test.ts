import { describe, expect, test } from "vitest";
import { complainOfElement, complainOfPage } from "../../../drivers/web/expect.ts";
import { causeOfNetwork } from "../../../drivers/web/network.ts";
import { sayTarget, textQuery, type Step } from "../../../drivers/web/target.ts";
import { Latest, pageName } from "../../../drivers/web/vitals.ts";
import { keyActions } from "../../../drivers/web/webdriver/keys.ts";

const role = (name: string, text?: string | RegExp): Step => ({ by: "role", role: name, name: text === undefined ? undefined : textQuery(text) });

test.each<[readonly Step[], string]>([
  [[role("button", "Buy")], 'button "Buy"'],
  [[role("listitem"), { by: "nth", index: 1 }, role("button", /buy/i)], "button /buy/i in listitem #2"],
  [[{ by: "css", at: "li" }, { by: "nth", index: -1 }], "li last 1"],
  [[{ by: "frame", at: "#pay" }, { by: "label", text: textQuery("Card") }], 'label "Card" in frame #pay'],
  [[{ by: "testId", at: "cart" }], 'test id "cart"'],
  [[{ by: "css", at: `a${"x".repeat(500)}` }], `a${"x".repeat(119)}…`],
])("a target is told the element first", (target, said) => expect(sayTarget(target)).toBe(said));

describe("an element as expected", () => {
  const seen = { count: 1, text: " Rope\n bought ", value: "2", visible: true, enabled: true, checked: false };
  test.each([
    [{ text: "rope bought".replace("r", "R") }, seen, undefined],
    [{ text: /^Rope/ }, seen, undefined],
    [{ text: "Oar" }, seen, "expect text"],
    [{ value: "2" }, seen, undefined],
    [{ value: "" }, seen, "expect value"],
    [{ visible: false }, seen, "expect visible"],
    [{ visible: false }, { ...seen, count: 0 }, undefined],
    [{ visible: true }, { ...seen, count: 0 }, "no element"],
    [{ enabled: false }, { ...seen, count: 0 }, "no element"],
    [{ text: "Rope" }, { ...seen, count: 2 }, "ambiguous"],
    [{ text: "Rope", count: 2 }, { ...seen, count: 2 }, undefined],
    [{ count: 0 }, seen, "expect count"],
    [{ checked: true }, seen, "expect checked"],
  ])("%o of %o", (what, element, cause) => expect(complainOfElement(what, element)?.cause).toBe(cause));
});

test.each([
  ["/items", "http://a/items?page=2", true], ["/items?page=2", "http://a/items?page=2", true], ["/items?page=3", "http://a/items?page=2", false],
  ["/item", "http://a/items", false], ["http://a/items", "http://a/items", true], [/page=\d$/, "http://a/items?page=2", true], ["/items#top", "http://a/items#top", true], ["/", "about:blank", false],
] as const)("a page expected at %s and being at %s: %s", (url, at, fits) => expect(complainOfPage({ url }, { url: at, title: "" }) === undefined).toBe(fits));

test.each([
  ["page.goto: net::ERR_CONNECTION_REFUSED at http://a", "refused", "refused"], ["net::ERR_NAME_NOT_RESOLVED", "dns", "refused"], ["net::ERR_CERT_AUTHORITY_INVALID", "tls", "refused"],
  ["NS_ERROR_NET_RESET", "reset", "unsure"], ["Reached error page: about:neterror?e=connectionFailure", "refused", "refused"], ["net::ERR_TIMED_OUT", "timeout", "unsure"],
])("%s", (message, cause, outcome) => expect(causeOfNetwork(message)).toMatchObject({ cause, outcome }));
test("what speaks of no network is no cause", () => expect(causeOfNetwork("Timeout 200ms exceeded")).toBeUndefined());

test("keys go down in their order, and up the other way round", () => {
  expect(keyActions("Control+A")).toMatchObject({ actions: [{ type: "keyDown", value: "\uE009" }, { type: "keyDown", value: "A" }, { type: "keyUp", value: "A" }, { type: "keyUp", value: "\uE009" }] });
  expect(keyActions("+")).toMatchObject({ actions: [{ value: "+" }, { value: "+" }] });
});

test("pages with ids in their paths have one name", () => {
  expect(pageName("http://a/orders/3f2b8c1e-0000-4000-8000-123456789abc/lines/17?x=1")).toBe("/orders/:id/lines/:id");
  expect(pageName("http://a/items/oar2")).toBe("/items/oar2");
});

test("the latest word of a page counts, and each page once", () => {
  const done: unknown[] = [];
  const latest = new Latest((vitals) => done.push(vitals.values));
  for (const [id, LCP] of [["a", 1], ["a", 2], ["b", 3]] as const) latest.tell({ id, url: "http://a/", values: { LCP } });
  expect(done).toEqual([{ LCP: 2 }]);
  latest.flush();
  latest.flush();
  expect(done).toEqual([{ LCP: 2 }, { LCP: 3 }]);
});
