/** The live page in a real browser: what it shows of a hostile run, its buttons, reload, several tabs, and the end. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { liveVerdict } from "../../../reports/live/state.ts";
import { journeysTable } from "../../../reports/tables.ts";
import type { Ask } from "../../../src/cli/ui/asks.ts";
import { openDeck, type Deck } from "../../../src/cli/ui/deck.ts";
import { readLedger } from "../../../src/ledger/read.ts";
import type { Line } from "../../../src/ledger/lines.ts";
import type { Progress } from "../../../src/model/progress.ts";
import { poorWords } from "../../reports/contrast.ts";
import { gameDayLines, gameDayVerdict, hostile } from "../../reports/game-day.ts";
import { launchBrowser } from "../../reports/served.ts";
import { clock, embark, makeHome, until } from "../seatrial.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});

type Node = any;
const lines = gameDayLines().lines;
const timeOf = (line: Line): number => (line.k === "sec" || line.k === "health" ? line.s * 1_000 : "t" in line ? line.t : 0);
/** Everything that was written until a second of the game day. */
const linesUntil = (s: number) => lines.filter((line) => line.k === "run" || line.k === "series" || timeOf(line) <= s * 1_000).filter((line) => line.k !== "end" || s >= 160);

const progressAt = (s: number, more: Partial<Progress> = {}): Progress => ({
  tMs: s * 1_000, phase: { index: 2, count: 6, name: "lose a node", elapsedMs: 9_000, forMs: undefined }, users: 20, perSecond: 61, p50Ms: 12.3, p95Ms: 41, p99Ms: 60, errors: 0.0312, ops: 12_345, dropped: 3, storm: undefined, slow: false,
  closed: [{ journey: "browse", users: 18, planned: 18, wanted: 18 }, { journey: hostile.journey, users: 2, planned: 2, wanted: 4 }], ...more,
});

let open: { deck: Deck; pages: Page[] } | undefined;
afterEach(async () => {
  await Promise.all(open?.pages.map((page) => page.close()) ?? []);
  await open?.deck.close();
  open = undefined;
});

interface Look {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
  /** The second of the game day that it has come to. */
  readonly s?: number;
}

/** A page on a deck in the middle of a storm, and what its console says. */
async function look({ width = 1280, scheme = "light", s = 50 }: Look = {}) {
  const asked: Ask[] = [];
  const deck = await openDeck({ address: { host: "127.0.0.1", port: 0 }, token: "an-open-secret", clock, act: async (ask) => (asked.push(ask), { done: true, text: `done: ${ask.act} ${hostile.markup}` }) });
  for (const line of linesUntil(s)) deck.tell({ line });
  for (const line of lines) if (line.k === "say") deck.tell({ say: line });
  deck.tell({ progress: progressAt(s) });
  const pages: Page[] = [];
  open = { deck, pages };
  const complaints: string[] = [];
  const tab = async (): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme, locale: "en-US" });
    pages.push(page);
    page.on("console", (message) => void (["error", "warning"].includes(message.type()) && complaints.push(message.text())));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", () => complaints.push("a hostile word ran"));
    await page.goto(deck.url);
    await page.getByRole("heading", { name: "game day" }).waitFor();
    return page;
  };
  return { deck, asked, complaints, tab, page: await tab() };
}

const overflow = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
const pointsOf = (page: Page) => page.evaluate<number>("state.history.points.length");
const scheme = ["light", "dark"] as const;

describe.each(scheme)("%s", (scheme) => {
  test.each([360, 1280, 1920])("at %d px it shows the storm under way, without a complaint, in words that can be read", async (width) => {
    const { page, complaints, deck } = await look({ width, scheme });
    deck.tell({ progress: progressAt(51) });
    await expect.poll(() => page.locator("#elapsed").textContent()).toBe("51s");
    expect(await page.locator(".storm-card.raging").innerText()).toMatch(/3 lose a node[^]*noticed[^]*stops 1 node; the platform must mend it within 20s/);
    expect(await page.locator("#n-errors").textContent()).toBe("3.12%");
    expect(await page.locator(".plot canvas").count()).toBe(4);
    for (const box of await page.locator(".plot-box").all()) expect((await box.boundingBox())!.width).toBeLessThanOrEqual(width);
    expect(await page.locator("#phases [aria-current]").textContent()).toContain("lose a node");
    expect(await overflow(page)).toBe(0);
    expect(await page.evaluate<string>("getComputedStyle(document.body).backgroundColor")).toBe(scheme === "dark" ? "rgb(14, 23, 31)" : "rgb(248, 247, 243)");
    expect(await poorWords(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

test("hostile names, bodies and causes are words and nothing else", async () => {
  const { page, complaints } = await look({ s: 150 });
  const text = await page.locator("body").innerText();
  expect(text).toContain(hostile.journey);
  expect(text).toContain(hostile.markup);
  expect(text).not.toMatch(/[\u0007\u001b\u202e]/);
  expect(await page.locator("main script, main img, main b > b, #log img").count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("a reload, and a tab that is opened late, show the whole run from its start", async () => {
  const { page, deck, tab } = await look({ s: 50 });
  expect(await pointsOf(page)).toBe(51);
  for (const line of linesUntil(60).filter((line) => timeOf(line) > 50_000 && line.k !== "run" && line.k !== "series")) deck.tell({ line });
  deck.tell({ progress: progressAt(60) });
  await expect.poll(() => pointsOf(page)).toBe(61);
  const second = await tab();
  await page.reload();
  await expect.poll(() => pointsOf(page)).toBe(61);
  const table = (of: Page) => of.locator("#steps tbody tr").allInnerTexts();
  expect(await pointsOf(second)).toBe(61);
  expect(await table(second)).toEqual(await table(page));
  expect((await table(page)).length).toBe(7);
});

test("comes back by itself when its connection is lost, and stays away after a farewell", async () => {
  const { page, deck, complaints } = await look();
  let lost = 0;
  await page.route("**/news", async (route) => (lost++ === 0 ? route.fulfill({ status: 200, contentType: "text/event-stream", body: "retry: 1500\n\n" }) : route.continue()));
  await page.reload();
  await expect.poll(() => page.locator("#link").textContent()).toMatch(/connecting|no connection/);
  await expect.poll(() => page.locator("#link").textContent(), { timeout: 10_000 }).toBe("live");
  expect(await pointsOf(page)).toBe(51);
  await deck.close();
  await expect.poll(() => page.locator("#link").textContent()).toBe("the run has ended");
  expect(await page.evaluate<number>("news.readyState")).toBe(2);
  expect(complaints).toEqual([]);
});

test("what can't be taken back is asked twice; users change at once, by buttons and by keys", async () => {
  const { page, asked, complaints, deck } = await look();
  const stop = page.locator("#stop");
  await stop.click();
  expect(await stop.textContent()).toBe("Really stop?");
  expect(asked).toEqual([]);
  await stop.click();
  await expect.poll(() => asked).toEqual([{ act: "stop" }]);
  await expect.poll(() => page.locator("#answer").textContent()).toBe(`done: stop ${hostile.markup}`);
  expect(await stop.textContent()).toBe("Stop and heal");
  await page.locator("#halt").click();
  await page.locator("#halt").click();
  await page.locator("#heal").click();
  await page.locator("#heal").click();
  await expect.poll(() => asked.map(({ act }) => act)).toEqual(["stop", "halt", "heal"]);
  asked.length = 0;

  expect(await page.locator(".crew").allInnerTexts()).toEqual([expect.stringContaining("18"), expect.stringMatching(/2 of 4 \(2 planned\)/)]);
  await page.keyboard.press("w");
  await page.getByRole("button", { name: `add 10 users of ${hostile.journey}` }).click();
  // News must not take a button away from under the finger.
  deck.tell({ progress: progressAt(52) });
  for (const key of ["w", "W", "s", "S", "x"]) await page.keyboard.press(key);
  await expect.poll(() => asked.map((ask) => (ask.act === "users" ? [ask.journey, ask.delta] : []))).toEqual([10, 1, 10, -1, -10].map((delta) => [hostile.journey, delta]));
  deck.tell({ progress: progressAt(53, { closed: [] }) });
  await expect.poll(() => page.locator("#closed").isVisible()).toBe(false);
  expect(complaints).toEqual([]);
});

test("a storm that is healing has no button any more, and a generator that is behind is said aloud", async () => {
  const { page, deck } = await look({ s: 50 });
  expect(await page.locator("#heal").isVisible()).toBe(true);
  for (const line of lines) if (line.k === "storm" && line.phase === 2 && line.t > 50_000) deck.tell({ line });
  deck.tell({ progress: progressAt(67, { slow: true }) });
  await expect.poll(() => page.locator("#heal").isVisible()).toBe(false);
  expect(await page.locator("#slow").isVisible()).toBe(true);
  expect(await page.locator(".storm-card").first().innerText()).toMatch(/overdue/);
});

test("the end: the last word on the verdict, where the report is, buttons that rest, a tab that says so", async () => {
  const { page, deck, complaints } = await look({ s: 160 });
  deck.tell({ verdict: liveVerdict("fail", "game day did not hold: 3 checks failed.", gameDayVerdict.findings), over: { how: "done", reason: "", exitCode: 1, paths: [["html", `runs/${hostile.markup}/index.html`], ["ledger", "runs/ledger.ndjson"]] } });
  await deck.close();
  await expect.poll(() => page.title()).toBe("FAIL: game day");
  expect(await page.locator("#link").textContent()).toBe("the run is over");
  expect(await page.getByLabel("Verdict").innerText()).toMatch(/FAIL\s+game day did not hold/);
  expect(await page.locator("#over").innerText()).toContain(`runs/${hostile.markup}/index.html`);
  expect(await page.locator("#stop").isDisabled()).toBe(true);
  expect(await page.locator(".finding").count()).toBe(4);
  // It does not knock at a door that is closed for good.
  expect(await page.evaluate<number>("news.readyState")).toBe(2);
  expect(await poorWords(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

describe("on a real run", () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => response.writeHead(request.url === "/bad" ? 500 : 200).end(hostile.markup)).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
  });
  afterAll(() => void server?.close());

  test("the page's table at the end is the report's, and the verdict the run's", async () => {
    const home = makeHome({ "scenario.ts": `import { arrivals, journey, scenario, users } from "seatrial";
import { http } from "seatrial/http";
const site = http({ base: process.env.BASE! });
const visit = journey({ site }, async ({ site }, user) => {
  await site.get("/good", { name: "<b>good</b>" });
  await user.step("basket", async () => void (await site.get("/bad", { expect: user.random.next() < 0.5 ? [500] : [200] }).catch(() => undefined)));
  await user.think("20ms");
});
export default scenario({
  name: "<i>real</i>", journeys: { visit, other: visit },
  phases: [{ name: "one", for: "2s", judged: false, load: { visit: users(2) } }, { name: "two", for: "3s", load: { visit: users(2), other: arrivals("20/s") } }],
  budget: { visit: { errors: "1%" } },
});
` });
    const voyage = embark(["run", "scenario.ts", "--out", "out", "--ui"], { cwd: home.folder, env: { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } });
    await until("the page's address", () => /live page: \S+\n/.test(voyage.err));
    const page = await browser.newPage({ locale: "en-US" });
    const complaints: string[] = [];
    page.on("console", (message) => void (["error", "warning"].includes(message.type()) && complaints.push(message.text())));
    try {
      await page.goto(/live page: (\S+)/.exec(voyage.err)![1]!);
      await expect.poll(() => page.locator("#link").textContent(), { timeout: 20_000 }).toBe("live");
      await expect.poll(() => page.locator("#link").textContent(), { timeout: 25_000 }).toBe("the run is over");
      const { code } = await voyage.ended;
      expect(code).toBe(1);
      const view = await readLedger(home.path("out/ledger.ndjson"));
      const rows = (await page.locator("#steps tbody tr").evaluateAll((all: Node): string[][] => all.map((row: Node) => [...row.cells].map((cell: Node) => cell.textContent as string)))).map((cells) => cells.join(" | "));
      const told = journeysTable(view).rows.filter(({ cells }) => !cells[0]!.text.startsWith("begun: ")).map(({ cells }) => cells.map(({ text }) => text).join(" | "));
      expect(rows.toSorted()).toEqual(told.toSorted());
      expect(await page.getByLabel("Verdict").innerText()).toContain("FAIL");
      expect(await page.title()).toBe("FAIL: <i>real</i>");
      expect(complaints).toEqual([]);
    } finally {
      await page.close();
      voyage.kill();
      home.remove();
    }
  });
});
