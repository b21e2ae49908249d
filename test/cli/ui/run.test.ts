/** `--ui` on real runs: what the page is told, what its buttons do to the run, and that it never outlives it. */
import { connect, createServer, type AddressInfo } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import type { LiveNews, LiveWhole } from "../../../reports/live/state.ts";
import { namedSums } from "../../../reports/sums.ts";
import { readLedger } from "../../../src/ledger/read.ts";
import type { EndLine, HandLine, Line } from "../../../src/ledger/lines.ts";
import { clock, deserted, embark, greeterFile, linesOf, makeHome, mistakes, seatrial, sighted, stepsOf, summaryOf, until, type Home, type Voyage } from "../seatrial.ts";

const scenarioText = `import { journey, nodeLoss, scenario, users } from "seatrial";
import { http } from "seatrial/http";
import { local } from "seatrial/local";
const { SHORT, CALM, GRACE = "30s" } = process.env;
const greeter = http({ service: "greeter" });
const visit = journey({ greeter }, async ({ greeter }, user) => {
  await greeter.get("/");
  await user.think((process.env.THINK ?? "50ms") as "1s");
});
const load = { visit: users(3) };
export default scenario({
  name: "watched", journeys: { visit }, grace: GRACE as "30s",
  cluster: local({ services: { greeter: { command: ["node", "greeter.mjs"], replicas: 2, ready: "/" } }, nodes: 2 }),
  phases: [
    { name: "calm", for: SHORT || CALM ? "3s" : "60s", load },
    ...(SHORT ? [{ name: "storm", load, hold: "2s", fault: nodeLoss(), recover: { by: "platform", within: "60s" } } as const] : []),
  ],
  budget: { visit: { errors: "50%" } },
});
`;
/** Once the file is there a replica does not come up any more, so a storm waits to be healed by hand. */
const slowGreeter = greeterFile.replace("server.listen", 'const { existsSync } = await import("node:fs");\nwhile (existsSync("stuck")) await new Promise((done) => setTimeout(done, 50));\nserver.listen');

const homes: Home[] = [];
afterAll(() => homes.forEach((home) => home.remove()));

interface Watched {
  readonly home: Home;
  readonly ledger: string;
  readonly voyage: Voyage;
  readonly url: string;
}

async function setOut(env: Readonly<Record<string, string>> = {}, args: readonly string[] = ["--ui"]): Promise<Watched> {
  const home = makeHome({ "scenario.ts": scenarioText, "greeter.mjs": slowGreeter });
  homes.push(home);
  const voyage = embark(["run", "scenario.ts", "--out", "out", "--report", "json,html", ...args], { cwd: home.folder, env });
  await until("the page's address", () => {
    if (voyage.hasEnded()) throw new Error(voyage.err);
    return /live page: \S+\n/.test(voyage.err);
  });
  return { home, ledger: home.path("out/ledger.ndjson"), voyage, url: /live page: (\S+)\n/.exec(voyage.err)![1]! };
}

/** Listens as a page does, until the server says farewell. */
async function follow(url: string): Promise<{ readonly latest: () => Partial<LiveWhole>; readonly steps: Map<number, LiveWhole["steps"][number]>; readonly done: Promise<string> }> {
  const state: Partial<Record<keyof LiveWhole, unknown>> = {};
  const steps = new Map<number, LiveWhole["steps"][number]>();
  const response = await fetch(`${url}news`);
  expect(response.status).toBe(200);
  const done = (async () => {
    let text = "";
    let last = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
      text += chunk;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const [, name, data] = /event: (\w+)\ndata: (.*)$/s.exec(text.slice(0, end))!;
        text = text.slice(end + 2);
        last = name!;
        const news = JSON.parse(data!) as LiveNews;
        for (const row of news.steps ?? []) steps.set(row.id, row);
        Object.assign(state, news);
      }
    }
    return last;
  })();
  done.catch(() => undefined);
  return { latest: () => state as Partial<LiveWhole>, steps, done };
}

async function press(url: string, ask: object): Promise<{ status: number; done: boolean; text: string }> {
  const response = await fetch(`${url}act`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(ask) });
  return { status: response.status, ...((await response.json()) as { done: boolean; text: string }) };
}

const begins = (line: Line) => line.k === "phase" && line.at === "begin";
/** Passed, or undecided because this machine had no time for it. */
const played = [0, 2];
const endOf = (ledger: string) => linesOf(ledger).at(-1) as EndLine;

async function assertGone({ url, home }: Watched): Promise<void> {
  await deserted(home.folder);
  await expect(fetch(url)).rejects.toThrow();
}

describe.concurrent("a run with a page", () => {
  test("tells it the ledger, then the verdict and where the report is, and leaves nothing listening", async () => {
    const watched = await setOut({ SHORT: "1" });
    const page = await follow(watched.url);
    const { code, err } = await watched.voyage.ended;
    expect(await page.done).toBe("farewell");
    expect(err).not.toMatch(mistakes);
    expect(played, err).toContain(code);
    const view = await readLedger(watched.ledger);
    for (const { journey, type, step, sum } of namedSums(view)) {
      expect([...page.steps.values()].find((row) => row.journey === journey && row.type === type && row.step === step)).toMatchObject({ count: sum.count, p99Ms: sum.due.quantileMs(0.99), maxMs: sum.due.maxMs });
    }
    const { over, verdict, storms, phases, run } = page.latest();
    expect(run).toMatchObject({ scenario: "watched", place: "local" });
    expect(storms![0]!.steps.map(({ step }) => step)).toEqual(stepsOf(watched.ledger));
    expect(phases!.map(({ endMs }) => endMs)).toEqual(view.phases.map(({ endMs }) => endMs));
    const summary = summaryOf(watched.home.path("out"));
    expect(verdict).toMatchObject({ grade: summary.verdict.grade, sentence: summary.verdict.sentence, counts: { pass: summary.findings.filter(({ grade }) => grade === "pass").length, fail: 0 } });
    expect(over).toMatchObject({ how: "done", exitCode: code });
    expect(over!.paths.map(([what]) => what)).toEqual(["json", "html", "ledger"]);
    // Its address is told once, and to nobody but the terminal.
    const token = new URL(watched.url).pathname.split("/")[1]!;
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(err.split(token)).toHaveLength(2);
    expect(JSON.stringify(linesOf(watched.ledger))).not.toContain(token);
    expect(JSON.stringify(page.latest())).not.toContain(token);
    await assertGone(watched);
  });

  test("that nobody looks at ends as soon as one without", async () => {
    const watched = await setOut({ CALM: "1" });
    await sighted(watched.voyage, watched.ledger, "its end", ({ k }) => k === "end");
    const beganMs = clock.now();
    expect(played).toContain((await watched.voyage.ended).code);
    expect(clock.now() - beganMs).toBeLessThan(8_000);
    await assertGone(watched);
  });

  test("ends in time though somebody hangs on the line", async () => {
    const watched = await setOut({ CALM: "1" });
    const { port, pathname } = new URL(watched.url);
    const idle = connect(Number(port), "127.0.0.1");
    const deaf = connect(Number(port), "127.0.0.1", () => deaf.write(`GET ${pathname}news HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
    for (const socket of [idle, deaf]) socket.on("error", () => undefined);
    deaf.pause();
    await sighted(watched.voyage, watched.ledger, "its end", ({ k }) => k === "end");
    const beganMs = clock.now();
    expect(played).toContain((await watched.voyage.ended).code);
    expect(clock.now() - beganMs).toBeLessThan(15_000);
    idle.destroy();
    deaf.destroy();
    await assertGone(watched);
  });

  test("is stopped and healed by its button, and the ledger says who", async () => {
    const watched = await setOut();
    await sighted(watched.voyage, watched.ledger, "the load", begins);
    expect(await press(watched.url, { act: "stop" })).toEqual({ status: 200, done: true, text: "stopping and healing" });
    const { code, err } = await watched.voyage.ended;
    expect(code, err).toBe(130);
    expect(err).toContain("the page, from 127.0.0.1: stopping and healing");
    expect(endOf(watched.ledger)).toMatchObject({ how: "interrupted", reason: "stopped by the page, from 127.0.0.1" });
    await assertGone(watched);
  });

  test("is cut by the other one, which does not wait for walks", async () => {
    const watched = await setOut({ THINK: "1m" });
    await sighted(watched.voyage, watched.ledger, "the load", (line) => line.k === "sec");
    const page = await follow(watched.url);
    await press(watched.url, { act: "stop" });
    expect(await press(watched.url, { act: "stop" })).toMatchObject({ status: 409, done: false });
    await clock.sleep(300);
    expect(watched.voyage.hasEnded()).toBe(false);
    const beganMs = clock.now();
    expect(await press(watched.url, { act: "halt" })).toMatchObject({ done: true });
    expect((await watched.voyage.ended).code).toBe(130);
    expect(clock.now() - beganMs).toBeLessThan(10_000);
    expect(page.latest().over).toMatchObject({ how: "interrupted", exitCode: 130 });
    await assertGone(watched);
  });

  test.each([["in its own thread", ["--ui"]], ["in two workers", ["--ui", "--workers", "2"]]])("gets more users and fewer %s, and says so in ledger, log and verdict", async (_, args) => {
    const watched = await setOut({ GRACE: "1s" }, args);
    const page = await follow(watched.url);
    await until("the load", () => (page.latest().now?.closed[0]?.users ?? 0) === 3);
    expect(await press(watched.url, { act: "users", journey: "visit", delta: 4 })).toMatchObject({ status: 200, text: "users of visit from 3 to 7, 3 planned" });
    await until("seven users", () => page.latest().now!.users === 7);
    expect(await press(watched.url, { act: "users", journey: "visit", delta: -6 })).toMatchObject({ status: 200 });
    await until("one user", () => page.latest().now!.users === 1);
    expect(await press(watched.url, { act: "users", journey: "nobody", delta: 1 })).toMatchObject({ status: 409, done: false });
    expect(await press(watched.url, { act: "heal" })).toMatchObject({ status: 409, done: false });
    await press(watched.url, { act: "stop" });
    const { err } = await watched.voyage.ended;
    const hands = linesOf(watched.ledger).filter(({ k }) => k === "hand") as HandLine[];
    expect(hands.map(({ before, wanted, planned, by }) => [before, wanted, planned, by])).toEqual([[3, 7, 3, "the page, from 127.0.0.1"], [7, 1, 3, "the page, from 127.0.0.1"]]);
    expect(page.latest().hands).toEqual(hands);
    expect(err).toContain("by hand: users of visit from 3 to 7, 3 planned");
    const summary = summaryOf(watched.home.path("out"));
    expect(summary.findings.find(({ id }) => id === "calm / load by hand")).toMatchObject({ grade: "unsure" });
    expect(summary.hands).toHaveLength(2);
  });

  test("is healed by hand in a storm that nobody mends", async () => {
    const watched = await setOut({ SHORT: "1" });
    const page = await follow(watched.url);
    await sighted(watched.voyage, watched.ledger, "the load", begins);
    watched.home.write({ stuck: "" });
    await sighted(watched.voyage, watched.ledger, "the harm", (line) => line.k === "storm" && line.step === "harmed");
    expect(await press(watched.url, { act: "heal" })).toMatchObject({ status: 200, done: true });
    await sighted(watched.voyage, watched.ledger, "the relief", (line) => line.k === "storm" && line.step === "relieved");
    // Healing waits for the replicas that the node had.
    watched.home.discard("stuck");
    const { code, err } = await watched.voyage.ended;
    const steps = stepsOf(watched.ledger);
    expect(steps.slice(-3)).toEqual(["relieved", "healing", "healed"]);
    expect(code, err).toBe(2);
    expect(page.latest().storms![0]!.steps.map(({ step }) => step)).toEqual(steps);
    await assertGone(watched);
  });

  test("may be killed, and the page with it", async () => {
    const watched = await setOut();
    await sighted(watched.voyage, watched.ledger, "the load", begins);
    const page = await follow(watched.url);
    watched.voyage.kill();
    await watched.voyage.ended;
    await page.done.catch(() => undefined);
    expect(page.latest().over ?? undefined).toBeUndefined();
    await assertGone(watched);
  });

  test("listens where it was told to, with a warning where others can reach it", async () => {
    const watched = await setOut({ SHORT: "1" }, ["--ui=0.0.0.0:0"]);
    expect(watched.voyage.err).toMatch(/warning: the page can be reached from other machines/);
    expect((await fetch(watched.url.replace(/\/\/[^:]+/, "//127.0.0.1"))).status).toBe(200);
    watched.voyage.press();
    await watched.voyage.ended;
  });
});

test("a port in use is told with code and hint, and nothing was begun", async () => {
  const home = makeHome({ "scenario.ts": scenarioText, "greeter.mjs": greeterFile });
  homes.push(home);
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const { code, err, out } = await seatrial(["run", "scenario.ts", "--ui", String(port)], { cwd: home.folder });
  server.close();
  expect(code).toBe(3);
  expect(out).toBe("");
  expect(err).not.toMatch(mistakes);
  expect(err).toMatch(new RegExp(`^SEA_UI_LISTEN  --ui\n.*127\\.0\\.0\\.1:${port}: .*EADDRINUSE.*\n.*→ choose another port`, "m"));
  expect(linesOf(home.path("seatrial-runs/latest/ledger.ndjson"))).toEqual([]);
  const wrong = await seatrial(["run", "--ui", "scenario.ts"], { cwd: home.folder });
  expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining("SEA_UI_ADDRESS") });
});
