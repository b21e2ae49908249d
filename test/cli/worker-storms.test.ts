/** Storms over the load of several workers: what users noted in any of them must survive, and a runner that is killed is healed. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StormLine } from "../../src/ledger/lines.ts";
import { shopFile } from "../drivers/local/sea.ts";
import { deserted, embark, linesOf, makeHome, mistakes, seatrial, sighted, stepsOf, summaryOf, type Home } from "./seatrial.ts";

const scenarioText = `import { threadId } from "node:worker_threads";
import { constant, dataLoss, everyNoted, journey, nodeLoss, restore, scenario, users, type Recovery } from "seatrial";
import { http } from "seatrial/http";
import { local } from "seatrial/local";
const shop = http({ service: "shop", timeout: "2s" });
const buy = journey({ shop }, async ({ shop }, user) => {
  const order = (await shop.post("/orders", { item: "rope" }, { name: "POST /orders " + threadId })).json<{ id: string }>();
  user.note("order", order.id);
}, { wait: constant("50ms") });
/** An operator who promises and never comes. */
const nobody: Recovery<"restore"> = { by: "restore", name: "nobody", mend: async () => {} };
const ordersSurvive = everyNoted("order", {
  drivers: { shop },
  find: async ({ shop }, id) => (await shop.get("/orders/" + id, { expect: [200, 404] })).status === 200,
  losing: process.env.LOSING as "4s",
});
const load = { buy: users(6) };
export default scenario({
  name: "stormy", journeys: { buy }, grace: "3s",
  cluster: local({
    name: process.env.NAME ?? "local",
    services: { shop: { command: ["node", ${JSON.stringify(shopFile)}], replicas: 3, live: "/healthz", ready: "/readyz", data: "orders" } },
    nodes: 3, data: { orders: { backupEvery: "1s" } },
  }),
  phases: [
    { name: "calm", for: "2s", load },
    { name: "lose the data", load, after: "500ms", hold: "1s", fault: dataLoss("orders"),
      recover: process.env.NOBODY ? { by: nobody, within: "1m" } : { by: restore(), within: "20s", keeps: [ordersSurvive] } },
  ],
  budget: { buy: { errors: "90%" } },
});
`;

let home: Home;
beforeAll(() => (home = makeHome({ "scenario.ts": scenarioText })));
afterAll(async () => {
  await seatrial(["local", "down"], { cwd: home.folder });
  home.remove();
});

test("what was noted in every worker is on the disk before the harm, and is asked for", async () => {
  const ended = await seatrial(["run", "scenario.ts", "--workers", "3", "--out", "storm", "--report", "json"], { cwd: home.folder, env: { LOSING: "6s" } });
  expect(ended.err, ended.err + ended.out).not.toMatch(mistakes);
  const lines = linesOf(home.path("storm", "ledger.ndjson"));
  const summary = summaryOf(home.path("storm"));
  // All three walked.
  expect(new Set(summary.rows.filter(({ type }) => type === "op").map(({ step }) => step)).size).toBe(3);

  const inject = lines.findIndex((line) => line.k === "storm" && line.step === "inject");
  const injectMs = (lines[inject] as StormLine).t;
  const noted = (part: typeof lines) => part.flatMap((line) => (line.k === "notes" && line.what === "note" ? line.ids : []));
  const before = noted(lines.slice(0, inject));
  expect(before.length).toBeGreaterThan(50);
  // Whatever was noted until the workers were asked is there; they were asked after the aim, which is written first.
  const aimMs = (lines.find((line) => line.k === "storm" && line.step === "aim") as StormLine).t;
  const known = new Set(before.map(([, id]) => id));
  expect(noted(lines).filter(([t, id]) => t < aimMs && !known.has(id))).toEqual([]);
  expect(injectMs).toBeGreaterThan(aimMs);

  const [survival] = summary.survivals;
  expect(survival).toMatchObject({ lostCount: 0, unexpectedCount: 0, unknown: 0 });
  expect(survival!.noted + survival!.forgiven).toBeGreaterThan(20);
  expect(stepsOf(home.path("storm", "ledger.ndjson"))).toEqual(["aim", "inject", "injected", "harmed", "mending", "mended", "recovered", "healing", "healed"]);
}, 90_000);

test("kill -9 of the whole process: the ledger heals it, as with one", async () => {
  const up = await seatrial(["local", "up", "scenario.ts"], { cwd: home.folder });
  expect(up.code, up.err).toBe(0);
  const ledger = home.path("killed", "ledger.ndjson");
  const voyage = embark(["run", "scenario.ts", "--workers", "2", "--out", "killed"], { cwd: home.folder, env: { NOBODY: "1" } });
  await sighted(voyage, ledger, "the harm", (line) => line.k === "storm" && line.step === "harmed");
  voyage.kill();
  expect(await voyage.ended).toMatchObject({ signal: "SIGKILL" });
  expect(await seatrial(["judge", ledger], { cwd: home.folder })).toMatchObject({ code: 4 });
  const healed = await seatrial(["heal", ledger], { cwd: home.folder });
  expect(healed, healed.err + healed.out).toMatchObject({ code: 0, out: expect.stringContaining("healed: data-loss") });
  expect(await seatrial(["judge", ledger], { cwd: home.folder })).toMatchObject({ code: 2 });
  expect((await seatrial(["local", "down"], { cwd: home.folder })).code).toBe(0);
  await deserted(home.folder);
}, 90_000);
