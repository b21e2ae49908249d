/** `--workers`: the load in several threads is the same load, counted by a server that knows nothing of them. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Line } from "../../src/ledger/lines.ts";
import { embark, linesOf, makeHome, mistakes, seatrial, sighted, summaryOf, type Ended, type Home } from "./seatrial.ts";
import { tallyServer, type TallyServer } from "./tally.ts";

const shared = `import { mkdirSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { arrivals, journey, rows, scenario, shape, split, times, users } from "seatrial";
import { http } from "seatrial/http";
const shop = http({ base: process.env.BASE! });
const get = (path: string) => journey({ shop }, async ({ shop }) => void (await shop.get(path)));
`;

const files = {
  "load.ts": `${shared}
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const own = rows(numbers(12), { order: "unique" });
const turn = rows(numbers(7));
const few = rows(numbers(3), { order: "unique" });
const list = rows(numbers(30), { order: "shuffled" });
export default scenario({
  name: "counted", grace: "5s", seed: 7,
  journeys: {
    even: get("/even"), poisson: get("/poisson"), ramp: get("/ramp"), curve: get("/curve"),
    browse: get("/browse"), buy: get("/buy"), single: get("/single"),
    shared: journey({ shop }, async ({ shop }, user) => void (await shop.get("/shared/" + (await user.feed(turn))))),
    each: journey({ shop }, async ({ shop }, user) => void (await shop.get("/each/" + user.id + "/" + user.random.int(0, 999)))),
    once: get("/once"),
    owner: journey({ shop }, async ({ shop }, user) => void (await shop.get("/owner/" + (await user.feed(own)) + "/" + user.id))),
    poor: journey({ shop }, async ({ shop }, user) => void (await shop.get("/poor/" + (await user.feed(few))))),
    dealt: journey({ shop }, async ({ shop }, user) => void (await shop.get("/dealt/" + (await user.feed(list))))),
  },
  phases: [
    { name: "open", for: "2s", load: {
      even: arrivals("37/s"), poisson: arrivals("40/s", { spread: "poisson" }), ramp: arrivals("1/s", { to: "60/s" }),
      curve: shape({ arrivals: (s) => 20 + 10 * Math.sin(s) }), single: arrivals("3/s", { most: 1 }),
      ...split(arrivals("30/s"), { browse: 7, buy: 2 }),
    } },
    { name: "counted", load: { shared: times(35, { users: 4 }), each: times(3, { users: 5, each: true }), once: times(1), owner: times(2, { users: 12, each: true }), dealt: times(60, { users: 3 }) } },
    { name: "poor", load: { poor: times(8, { users: 5 }) } },
  ],
  budget: { even: { errors: "0%", dropped: "0%" } },
});
`,
  "crowd.ts": `${shared}
export default scenario({
  name: "crowd", grace: "5s",
  journeys: { a: journey({ shop }, async ({ shop }, user) => { await shop.get("/a/" + threadId + "/" + user.id); await user.think("50ms"); }), b: get("/b") },
  phases: [
    { name: "five", for: "2s", load: { a: users(5) } },
    { name: "two", for: "2s", load: { a: users(2) } },
    { name: "split", for: "2s", load: split(users(7), { a: 5, b: 2 }) },
  ],
  budget: { a: { errors: "0%" } },
});
`,
  "long.ts": `${shared}
export default scenario({
  name: "long", journeys: { a: journey({ shop }, async ({ shop }) => void (await shop.get("/a", { expect: process.env.ABORT ? 418 : 200 }))) }, grace: "3s",
  phases: [{ name: "hour", for: "1h", load: { a: users(4) } }],
  budget: { a: { errors: "0%", abort: { after: "1s" } } },
});
`,
  "evidence.ts": `import { journey, scenario, times } from "seatrial";
const camera = {
  kind: "camera",
  open: async ({ artifacts, record, clock }: any) => ({ shoot: async () => { const path = await artifacts.save("page.txt", "a picture"); record.op(path, clock.now(), clock.now(), "ok"); } }),
  close: async () => undefined,
};
const look = journey({ camera }, ({ camera }) => camera.shoot());
export default scenario({ name: "evidence", journeys: { look }, phases: [{ name: "p", load: { look: times(2, { users: 2 }) } }], budget: { look: { errors: "0%" } } });
`,
  "differs.ts": `${shared}
export default scenario({
  name: "differs", journeys: { a: get("/a") },
  phases: [{ name: "calm", for: "1s", load: { a: arrivals(threadId === 0 ? "5/s" : "6/s") } }],
  budget: { a: { errors: "0%" } },
});
`,
  "broken.ts": `${shared}
if (threadId > 0) throw new Error("only in the main thread");
export default scenario({
  name: "broken", journeys: { a: get("/a") }, phases: [{ name: "calm", for: "1s", load: { a: arrivals("5/s") } }], budget: { a: { errors: "0%" } },
});
`,
};

let home: Home;
let server: TallyServer;
beforeAll(async () => {
  home = makeHome(files);
  server = await tallyServer();
});
afterAll(() => {
  server.stop();
  home.remove();
});

const run = (file: string, workers: string, out: string, more: readonly string[] = []): Promise<Ended> =>
  seatrial(["run", file, "--workers", workers, "--out", out, "--report", "json", ...more], { cwd: home.folder, env: { BASE: server.base } });

/** Sums of the pace cells, by journey. */
function pacesOf(lines: readonly Line[]): Record<string, { starts: number; dropped: number; ended: number; cut: number }> {
  const sums: ReturnType<typeof pacesOf> = {};
  for (const line of lines) {
    if (line.k !== "sec") continue;
    for (const [, journey, starts, dropped, ended, cut] of line.p) {
      const sum = (sums[journey] ??= { starts: 0, dropped: 0, ended: 0, cut: 0 });
      sum.starts += starts;
      sum.dropped += dropped;
      sum.ended += ended;
      sum.cut += cut;
    }
  }
  return sums;
}

const under = (seen: Readonly<Record<string, number>>, path: string) => Object.fromEntries(Object.entries(seen).filter(([key]) => key.startsWith(path)));
const sum = (seen: Readonly<Record<string, number>>) => Object.values(seen).reduce((a, b) => a + b, 0);

describe("the load is the same", () => {
  let alone: Readonly<Record<string, number>>;

  test.each(["1", "2", "3"])("%s workers: every start, user, walk and row once", async (workers) => {
    const ended = await run("load.ts", workers, `load-${workers}`);
    expect(ended.err, ended.err + ended.out).not.toMatch(mistakes);
    const seen = await server.take();
    const lines = linesOf(home.path(`load-${workers}`, "ledger.ndjson"));
    const paces = pacesOf(lines);

    for (const [journey, { starts, dropped, ended: walked, cut }] of Object.entries(paces)) {
      expect({ journey, walked, cut }).toEqual({ journey, walked: starts, cut: 0 });
      expect({ journey, dropped: journey === "single" ? 0 : dropped }).toEqual({ journey, dropped: 0 });
      if (journey !== "poor") expect({ journey, seen: sum(under(seen, `/${journey}`)) }).toEqual({ journey, seen: starts });
    }
    expect([paces["even"]!.starts, paces["ramp"]!.starts, paces["browse"]!.starts + paces["buy"]!.starts, paces["single"]!.starts + paces["single"]!.dropped]).toEqual([74, 61, 60, 6]);
    expect([paces["shared"]!.starts, paces["each"]!.starts, paces["once"]!.starts, paces["owner"]!.starts]).toEqual([35, 15, 1, 24]);

    // The rows go round in one order for all, 35 walks over 7 rows; each of 12 users has one of its own.
    expect(Object.values(under(seen, "/shared/"))).toEqual([5, 5, 5, 5, 5, 5, 5]);
    expect(Object.values(under(seen, "/dealt/"))).toEqual(Array.from({ length: 30 }, () => 2));
    const owners = Object.keys(under(seen, "/owner/")).map((path) => path.split("/").slice(2));
    expect(new Set(owners.map(([row]) => row)).size).toBe(12);
    expect(owners.map(([, user]) => Number(user)).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, id) => id));
    // Of five users two find no row left: at whatever worker they are.
    expect(Object.keys(under(seen, "/poor/")).length).toBe(3);

    // One line a second, whoever told of it.
    const seconds = lines.flatMap((line) => (line.k === "sec" ? line.s : []));
    expect(seconds).toEqual([...new Set(seconds)]);
    // The same users draw the same chances, and the poisson starts are the same ones.
    const same = { ...under(seen, "/each/"), poisson: seen["/poisson"]!, curve: seen["/curve"]!, browse: seen["/browse"]! };
    if (workers === "1") alone = same;
    else expect(same).toEqual(alone);
  });

  test.each(["1", "2", "3"])("%s workers: a crowd has its users, from phase to phase", async (workers) => {
    const ended = await run("crowd.ts", workers, `crowd-${workers}`);
    expect(ended.code, ended.err + ended.out).not.toBe(1);
    expect(ended.err).not.toMatch(mistakes);
    const seen = Object.keys(under(await server.take(), "/a/")).map((path) => path.split("/").slice(2));
    // Five users and three that come later, each on one thread alone.
    const ids = seen.map(([, user]) => Number(user)).sort((a, b) => a - b);
    expect(ids.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect([ids.length, new Set(ids).size]).toEqual([8, 8]);
    expect(new Set(seen.map(([thread]) => thread)).size).toBe(Number(workers));
    const users = (s: number) => linesOf(home.path(`crowd-${workers}`, "ledger.ndjson")).flatMap((line) => (line.k === "sec" && line.s === s ? line.p : [])).reduce<Record<string, number>>((all, cell) => ({ ...all, [cell[1]]: (all[cell[1]] ?? 0) + cell[6] }), {});
    expect(users(1)).toMatchObject({ a: 5 });
    expect(users(3)).toMatchObject({ a: 2 });
    expect(users(5)).toMatchObject({ a: 5, b: 2 });
  });

  test("what they keep beside the ledger has names that differ", async () => {
    const { code, err, out } = await run("evidence.ts", "2", "evidence");
    expect(code, err + out).toBe(0);
    const paths = summaryOf(home.path("evidence")).rows.filter(({ type }) => type === "op").map(({ step }) => step);
    expect(paths.sort()).toEqual(["evidence/worker1-001-page.txt", "evidence/worker2-001-page.txt"]);
    for (const path of paths) expect(readFileSync(home.path("evidence", path), "utf8")).toBe("a picture");
  });

  test("the ledger and the reports say how many, and how each of them was", async () => {
    const lines = linesOf(home.path("load-3", "ledger.ndjson"));
    expect(lines[0]).toMatchObject({ k: "run", machine: { workers: 3 } });
    const health = lines.flatMap((line) => (line.k === "health" && line.s === 0 ? [line.worker] : []));
    expect(health.sort()).toEqual([0, 1, 2, undefined]);
    expect(summaryOf(home.path("load-3"))).toMatchObject({ generator: { workers: 3, gaps: [] }, run: { command: expect.stringContaining("--workers 3") } });
    expect(summaryOf(home.path("load-1"))).toMatchObject({ generator: { workers: 1 } });
  });
});

describe("the end", () => {
  const ledger = (out: string) => linesOf(home.path(out, "ledger.ndjson"));
  const longRun = (out: string, env: Readonly<Record<string, string>> = {}) => embark(["run", "long.ts", "--workers", "2", "--out", out, "--report", "json"], { cwd: home.folder, env: { BASE: server.base, ...env } });

  test("comes by Ctrl-C as with one: everybody finishes, nothing is missing", async () => {
    const voyage = longRun("stopped");
    await sighted(voyage, home.path("stopped", "ledger.ndjson"), "a second of both", (line) => line.k === "health" && line.s >= 1);
    voyage.press();
    const { code, err } = await voyage.ended;
    expect(code, err).toBe(130);
    expect(err).not.toMatch(mistakes);
    expect(ledger("stopped").at(-1)).toMatchObject({ k: "end", how: "interrupted" });
    expect(ledger("stopped").some((line) => line.k === "gap")).toBe(false);
    const { starts, ended, cut } = pacesOf(ledger("stopped"))["a"]!;
    expect([ended, cut]).toEqual([starts, 0]);
    expect((await server.take())["/a"]).toBe(starts);
  });

  test("comes by a budget that aborts, over what all of them saw", async () => {
    const { code, err, out } = await longRun("aborted", { ABORT: "1" }).ended;
    expect(code, err + out).toBe(1);
    expect(ledger("aborted").at(-1)).toMatchObject({ k: "end", how: "aborted", reason: expect.stringContaining("hour / a: errors") });
    await server.take();
  });
});

describe("what can't be", () => {
  test.each(["0", "-1", "many", "1.5", "", "999999999"])("--workers '%s' is no number of workers", async (workers) => {
    const { code, err } = await run("load.ts", workers, "none");
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringMatching(/SEA_WORKERS {2}--workers/) });
  });

  test.each([
    ["differs.ts", /SEA_WORKER_DIFFERS[^]*phases\[0\] "calm"/],
    ["broken.ts", /SEA_WORKER_START[^]*SEA_LOAD_THROWN[^]*only in the main thread/],
  ])("%s is refused before anything is begun", async (file, told) => {
    const { code, err } = await run(file, "2", "refused");
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringMatching(told) });
    expect(await server.take()).toEqual({});
    expect(linesOf(home.path("refused", "ledger.ndjson"))).toEqual([]);
  });

  test("--grep and --tag choose the same journeys in every worker", async () => {
    const { code, err, out } = await run("load.ts", "2", "chosen", ["--grep", "^(even|once)$"]);
    expect(code, err + out).toBeLessThanOrEqual(2);
    expect(Object.keys(await server.take()).sort()).toEqual(["/even", "/once"]);
  });

  test("auto leaves a core to the target", async () => {
    const { code, err, out } = await run("load.ts", "auto", "auto", ["--grep", "^once$"]);
    expect(code, err + out).toBe(2);
    expect(await server.take()).toEqual({ "/once": 1 });
  });
});
