/** The generator's own limits, with the real thing: each is broken on purpose, and the verdict must say which and when. */
import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HealthLine } from "../../src/ledger/lines.ts";
import { describeWith } from "../needs.ts";
import { clock, embark, linesOf, makeHome, mistakes, seatrial, sighted, summaryOf, type Home } from "./seatrial.ts";

/** Six connections for each of forty users. */
const crowdText = `import { journey, scenario, users } from "seatrial";
import { http } from "seatrial/http";
const site = http({ base: process.env.BASE!, engine: process.env.ENGINE as "wire" | "undici" });
const visit = journey({ site }, async ({ site }, user) => {
  await Promise.allSettled(Array.from({ length: 6 }, () => site.get("/")));
  await user.think("200ms");
});
export default scenario({
  name: "crowd", journeys: { visit },
  phases: [{ name: "all", for: "3s", load: { visit: users(40) } }],
  budget: { visit: { errors: "0%", walk: { errors: "0%" } } },
});
`;

/** Its own server: in a network of its own nothing else can be reached. Thirty users, each on a connection that is kept. */
const portsText = `import { createServer } from "node:http";
import { journey, scenario, users } from "seatrial";
import { http } from "seatrial/http";
createServer((_, response) => void response.end("ok")).listen(30000, "127.0.0.1").unref();
const site = http({ base: "http://127.0.0.1:30000" });
const visit = journey({ site }, async ({ site }, user) => {
  await site.get("/");
  await user.think("100ms");
});
export default scenario({
  name: "ports", journeys: { visit },
  phases: [{ name: "all", for: "3s", load: { visit: users(30) } }],
  budget: { visit: { errors: "0%" } },
});
`;

const garbageText = `import { journey, scenario, users } from "seatrial";
const kept: unknown[] = [];
/** What lives for a while and then dies is the hardest work for a collector. */
const hoard = journey({}, async (_, user) => {
  kept.push(Array.from({ length: 100_000 }, (_, i) => ({ i, text: "item " + i })));
  if (kept.length > 12) kept.shift();
  await user.think("1ms");
});
export default scenario({
  name: "garbage", journeys: { hoard },
  phases: [{ name: "all", for: "4s", load: { hoard: users(1) } }],
  budget: { hoard: { walk: { p95: "1h" } } },
});
`;

const fullText = `import { getHeapStatistics } from "node:v8";
import { journey, scenario, users } from "seatrial";
const kept: unknown[] = [];
const fullness = () => getHeapStatistics().used_heap_size / getHeapStatistics().heap_size_limit;
const hoard = journey({}, async (_, user) => {
  while (fullness() < 0.92) kept.push(Array.from({ length: 1_000 }, (_, i) => i + 0.5));
  await user.think("50ms");
});
export default scenario({ name: "full", journeys: { hoard }, phases: [{ name: "all", for: "3s", load: { hoard: users(1) } }], budget: { hoard: { walk: { p95: "1h" } } } });
`;

const steadyText = `import { arrivals, journey, scenario } from "seatrial";
import { http } from "seatrial/http";
const site = http({ base: process.env.BASE! });
const visit = journey({ site }, async ({ site }) => void (await site.get("/")));
export default scenario({ name: "steady", journeys: { visit }, phases: [{ name: "all", for: "6s", load: { visit: arrivals("20/s") } }], budget: { visit: { p95: "500ms", errors: "0%" } } });
`;

let home: Home;
let server: Server;
let env: { BASE: string };
beforeAll(async () => {
  home = makeHome({ "crowd.ts": crowdText, "ports.ts": portsText, "garbage.ts": garbageText, "full.ts": fullText, "steady.ts": steadyText });
  server = createServer((_, response) => void setTimeout(() => response.end("ok"), 20));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  env = { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  home.remove();
});

const healthOf = (name: string) => linesOf(home.path(name, "ledger.ndjson")).filter((line): line is HealthLine => line.k === "health");
const findingOf = (name: string, id: string) => summaryOf(home.path(name)).findings.find((one) => one.id === id);

async function sail(name: string, out: string, setting: Parameters<typeof seatrial>[1] = {}) {
  const ended = await seatrial(["run", `${name}.ts`, "--out", out, "--report", "json"], { cwd: home.folder, ...setting });
  expect(ended.err).not.toMatch(mistakes);
  expect(ended).toMatchObject({ code: 2 });
  return ended;
}

test.each(["wire", "undici"])("no free descriptor is the generator's lack, and not the service's error (%s)", async (engine) => {
  const { err } = await sail("crowd", engine, { env: { ...env, ENGINE: engine }, shell: "ulimit -n 120; exec" });
  expect(err).toMatch(/warning: SEA_PLAN_DESCRIPTORS at phases\[0\] "all": 40 users with up to 6 connections each need up to 290 descriptors, and this process may open 120/);
  const { total, failures, findings } = summaryOf(home.path(engine));
  expect(total).toMatchObject({ refused: 0, unsure: 0 });
  expect(total.ok).toBeGreaterThan(0);
  expect(failures).toMatchObject([{ cause: "no descriptors", step: "GET /" }]);
  expect(findingOf(engine, "generator / no descriptors")).toMatchObject({ grade: "unsure", reason: expect.stringMatching(/SEA_SELF_DESCRIPTORS.+ulimit -n 65536/) });
  expect(findings.filter(({ id }) => id.endsWith("/ errors")).map(({ grade }) => grade)).not.toContain("fail");
  // It could look at itself all the while.
  expect(healthOf(engine).some(({ descriptors, lacks }) => descriptors?.[0] === 120 && descriptors[1] === 120 && lacks?.["no descriptors"])).toBe(true);
});

test("a plan warns of descriptors before anything runs, and doctor shows the limit", async () => {
  const [few, many, doctor] = await Promise.all([
    seatrial(["plan", "crowd.ts"], { cwd: home.folder, env, shell: "ulimit -n 120; exec" }),
    seatrial(["plan", "crowd.ts"], { cwd: home.folder, env, shell: "ulimit -n 1024; exec" }),
    seatrial(["doctor"], { cwd: home.folder, shell: "ulimit -n 120; exec" }),
  ]);
  expect(few).toMatchObject({ code: 0, out: expect.stringContaining("warning: SEA_PLAN_DESCRIPTORS") });
  expect(many.out).not.toContain("SEA_PLAN_DESCRIPTORS");
  expect(doctor.out).toMatch(/missing +open files +120\n +→ ulimit -n 65536\n/);
});

const ownNetwork = spawnSync("unshare", ["-n", "sh", "-c", "ip link set lo up && echo '40000 40019' > /proc/sys/net/ipv4/ip_local_port_range"]).status === 0;
describeWith("the right to make a network namespace", ownNetwork, "run the tests as root", "no free local port", () => {
  test("is the generator's lack, and not the service's error", async () => {
    const script = "ip link set lo up; echo '40000 40019' > /proc/sys/net/ipv4/ip_local_port_range; exec \"$@\"";
    await sail("ports", "ports", { shell: `exec unshare -n bash -c '${script.replaceAll("'", `'\\''`)}' bash` });
    const { total, failures } = summaryOf(home.path("ports"));
    expect(total).toMatchObject({ refused: 0, unsure: 0 });
    expect(failures).toMatchObject([{ cause: "no ports" }]);
    expect(findingOf("ports", "generator / no ports")).toMatchObject({ grade: "unsure", reason: expect.stringMatching(/SEA_SELF_PORTS.+ip_local_port_range/) });
    expect(findingOf("ports", "all / visit / errors")).toMatchObject({ grade: "pass" });
    expect(healthOf("ports")[0]!.sockets![1]).toBe(20);
  });
});

test("a journey that makes much garbage is named as that", async () => {
  await sail("garbage", "garbage");
  expect(findingOf("garbage", "generator")).toMatchObject({ grade: "unsure", reason: expect.stringContaining("SEA_SELF_GC: garbage collection paused") });
});

test("a heap that is nearly full is named before it ends the process", async () => {
  await sail("full", "full", { env: { NODE_OPTIONS: "--max-old-space-size=200 --max-semi-space-size=1" } });
  expect(findingOf("full", "generator")).toMatchObject({ grade: "unsure", reason: expect.stringMatching(/SEA_SELF_HEAP: the heap was 9\d(\.\d)?% full/) });
});

test("a generator that was stopped for two seconds says so, and its touches count from when they were due", async () => {
  const voyage = embark(["run", "steady.ts", "--out", "stopped", "--report", "json"], { cwd: home.folder, env });
  await sighted(voyage, home.path("stopped", "ledger.ndjson"), "the first second", (line) => line.k === "health" && line.s >= 1);
  voyage.press("SIGSTOP");
  await clock.sleep(2_000);
  voyage.press("SIGCONT");
  expect(await voyage.ended).toMatchObject({ code: 2 });
  const finding = findingOf("stopped", "generator")!;
  expect(finding).toMatchObject({ grade: "unsure" });
  expect(finding.reason).toMatch(/SEA_SELF_STOPPED: the generator stood still for up to \d/);
  const { total } = summaryOf(home.path("stopped"));
  // 120 starts were due; those of the stop came late, and every one of them came.
  expect(total).toMatchObject({ count: 120, dropped: 0 });
  expect(total.due.p90Ms!).toBeGreaterThan(1_000);
  expect(total.began.p50Ms!).toBeLessThan(1_000);
}, 30_000);
