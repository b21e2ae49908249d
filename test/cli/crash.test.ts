/** `kill -9` in the middle of every kind of storm, and what `seatrial heal` makes of it from another process. */
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reopen } from "../../drivers/local/background.ts";
import { readState } from "../../drivers/local/state.ts";
import { shopFile } from "../drivers/local/sea.ts";
import { clock, crewIn, deserted, embark, linesOf, makeHome, mistakes, seatrial, sighted, stepsOf, type Home, type Setting } from "./seatrial.ts";

const scenarioText = `import { badCanary, dataLoss, journey, nodeCut, nodeLoss, podFreeze, podLoss, restore, scenario, users, type Recovery } from "seatrial";
import { http } from "seatrial/http";
import { local } from "seatrial/local";
const shop = http({ service: "shop", timeout: "1s" });
const browse = journey({ shop }, async ({ shop }, user) => {
  await user.think("20ms");
  await shop.get("/items");
});
/** An operator who promises and never comes. */
const nobody: Recovery<"restore"> = { by: "restore", name: "nobody", mend: async () => {} };
const storms = {
  "pod-loss": { fault: podLoss("shop"), by: "platform" },
  "pod-freeze": { fault: podFreeze("shop"), by: "platform" },
  "node-loss": { fault: nodeLoss(), by: "platform" },
  "node-cut": { fault: nodeCut(), by: "platform" },
  "data-loss": { fault: dataLoss("orders"), by: nobody },
  "bad-canary": { fault: badCanary("shop", { version: "bad", env: { SHOP_MODE: "failing" } }), by: "platform" },
};
const { fault, by } = storms[(process.env.STORM ?? "pod-loss") as keyof typeof storms];
export default scenario({
  name: "crashed", journeys: { browse },
  cluster: local({
    name: process.env.NAME ?? "local",
    services: { shop: { command: ["node", ${JSON.stringify(shopFile)}], replicas: 3, live: "/healthz", ready: "/readyz", data: "orders" } },
    nodes: 3, data: { orders: { backupEvery: "1s" } },
  }),
  phases: [{ name: "storm", load: { browse: users(1) }, fault, recover: { by, within: "1m" } } as never],
  budget: { browse: { errors: "100%" } },
});
`;

let home: Home;
const sail = (args: readonly string[], env: Setting["env"] = {}) => seatrial(args, { cwd: home.folder, env });
const folder = () => home.path(".seatrial/local/local");
const debts = async () => (await reopen({ folder: folder() }))!.debts();

beforeAll(async () => {
  home = makeHome({ "scenario.ts": scenarioText });
  const up = await sail(["local", "up", "scenario.ts"]);
  expect(up, up.err).toMatchObject({ code: 0, out: expect.stringMatching(/cluster 'local' is up[^]*shop {2}http:\/\/127\.0\.0\.1/) });
});
afterAll(async () => {
  await sail(["local", "down"]);
  home.remove();
});

/** Runs into a storm, and ends the runner the hard way when its ledger says so. */
async function crash(storm: string, step: string, env: Setting["env"] = {}): Promise<string> {
  const out = `${storm}-${step}${env["NAME"] ?? ""}`;
  // A test that is asked again must not find what its first try left.
  rmSync(home.path(out), { recursive: true, force: true });
  const ledger = home.path(out, "ledger.ndjson");
  const voyage = embark(["run", "scenario.ts", "--out", out], { cwd: home.folder, env: { STORM: storm, ...env } });
  await sighted(voyage, ledger, `${storm} ${step}`, (line) => line.k === "storm" && line.step === step);
  voyage.kill();
  expect(await voyage.ended).toMatchObject({ code: null, signal: "SIGKILL" });
  expect(stepsOf(ledger)).not.toContain("healed");
  return ledger;
}

async function assertWhole(): Promise<void> {
  const cluster = (await reopen({ folder: folder() }))!;
  expect((await cluster.nodes()).map((node) => node.ready)).toEqual([true, true, true]);
  const [shop] = await cluster.workloads();
  expect(shop).toMatchObject({ wanted: 3, ready: 3, rollout: { stable: "good", candidate: undefined, weight: 0 } });
  expect(["idle", "rolled-back"]).toContain(shop!.rollout.phase);
  expect((await cluster.pods()).filter((pod) => pod.ready).map((pod) => pod.version)).toEqual(["good", "good", "good"]);
  expect(await cluster.holds("orders")).toBe(true);
  expect(await cluster.debts()).toEqual([]);
}

test.each([
  ["pod-loss", "injected"],
  ["node-loss", "harmed"],
  ["node-cut", "inject"],
  ["pod-freeze", "injected"],
  ["data-loss", "harmed"],
  ["bad-canary", "injected"],
  ["node-loss", "aim"],
])("%s, killed at '%s': the ledger heals it, once", async (storm, step) => {
  const ledger = await crash(storm, step);
  expect(await sail(["judge", ledger])).toMatchObject({ code: 4 });
  const healed = await sail(["heal", ledger]);
  expect(healed, healed.err + healed.out).toMatchObject({ code: 0, out: expect.stringContaining(`healed: ${storm}`) });
  expect(healed.err).not.toMatch(mistakes);
  await assertWhole();
  expect(linesOf(ledger).at(-1)).toMatchObject({ k: "heal", healed: true });
  expect(await sail(["heal", ledger])).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
  // Healed, and still no pass: nobody saw it recover.
  expect(await sail(["judge", ledger])).toMatchObject({ code: 2 });
});

test.each([["node-cut", "harmed"], ["bad-canary", "harmed"]])("%s with its ledger lost: the cluster's own record heals it", async (storm, step) => {
  rmSync(await crash(storm, step));
  expect(await debts()).toMatchObject([{ fault: storm }]);
  expect(await sail(["heal", "--on", "local", "--run", "another"])).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
  expect(await debts()).toHaveLength(1);
  expect(await sail(["heal", "--on", "local"])).toMatchObject({ code: 0, out: expect.stringContaining(`healed: ${storm}`) });
  await assertWhole();
  expect(await sail(["heal", "--on", "local"])).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
});

test.each([["just before the end of its last line", 1], ["in the middle of a line", 9]])("a ledger that was cut %s can be healed, and remembers it", async (_, bytes) => {
  const ledger = home.path(`cut-${bytes}.ndjson`);
  const text = readFileSync(home.path("node-loss-aim/ledger.ndjson"), "utf8").split("\n").filter((line) => !line.includes('"k":"heal"'));
  // The last whole line is the aim; after it, a longer one that is torn, or the aim without its end.
  const upToAim = `${text.slice(0, text.findIndex((line) => line.includes('"step":"aim"')) + 1).join("\n")}\n`;
  writeFileSync(ledger, bytes === 1 ? upToAim : `${upToAim}{"k":"storm","t":1,"phase":0,"step":"inject"}\n`);
  truncateSync(ledger, readFileSync(ledger).length - bytes);
  expect(await sail(["heal", ledger])).toMatchObject({ code: 0, out: expect.stringContaining("healed: node-loss") });
  expect(await sail(["heal", ledger])).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
  expect(await sail(["judge", ledger])).toMatchObject({ code: 2, out: expect.stringContaining("healed later, by 'seatrial heal'") });
});

test("a fault that nobody knows how to heal is left, told, and tried again another time", async () => {
  const ledger = home.path("unknown.ndjson");
  writeFileSync(ledger, readFileSync(home.path("node-loss-aim/ledger.ndjson"), "utf8").split("\n").filter((line) => !line.includes('"k":"heal"')).join("\n").replaceAll("node-loss", "kraken"));
  const { code, out, err } = await sail(["heal", ledger]);
  expect({ code, out }).toMatchObject({ code: 4, out: expect.stringMatching(/NOT HEALED: kraken .*SEA_HEAL_FAULT/) });
  expect(err).not.toMatch(mistakes);
  expect(linesOf(ledger).at(-1)).toMatchObject({ k: "heal", healed: false });
  expect(await sail(["heal", ledger])).toMatchObject({ code: 4 });
});

test("a cluster whose supervisor is stuck is not called healed, and is healed when it goes on", async () => {
  const ledger = await crash("node-loss", "injected");
  const { pid } = readState(folder())!;
  process.kill(pid, "SIGSTOP");
  try {
    const stuck = await sail(["heal", ledger]);
    expect(stuck).toMatchObject({ code: 4, out: expect.stringMatching(/^NOT HEALED: node-loss .*SEA_LOCAL_GONE/) });
    expect(stuck.err).not.toMatch(mistakes);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  expect(linesOf(ledger).at(-1)).toMatchObject({ k: "heal", healed: false });
  expect(await sail(["heal", ledger])).toMatchObject({ code: 0, out: expect.stringContaining("healed: node-loss") });
  await assertWhole();
});

test("plan --on looks at the cluster that is up, and at none that is not", async () => {
  const STORM = "node-loss";
  const up = await sail(["plan", "scenario.ts", "--on", "local"], { STORM });
  expect(up, up.err).toMatchObject({ code: 0, out: expect.stringMatching(/storm: node node-[123]\n/) });
  expect(await debts()).toEqual([]);
  const none = await sail(["plan", "scenario.ts", "--on", "elsewhere"], { STORM, NAME: "elsewhere" });
  expect(none, none.err).toMatchObject({ code: 0, out: expect.stringContaining("elsewhere is not up") });
  expect(existsSync(home.path(".seatrial/local/elsewhere"))).toBe(false);
});

test("a cluster made for the run goes down with it, and its debt with the cluster", async () => {
  const before = crewIn(home.folder);
  const ledger = await crash("node-loss", "injected", { NAME: "own" });
  const endMs = clock.now() + 5_000;
  while (crewIn(home.folder).some((pid) => !before.includes(pid)) && clock.now() < endMs) await clock.sleep(20);
  expect(crewIn(home.folder).filter((pid) => !before.includes(pid))).toEqual([]);
  expect(await sail(["heal", ledger])).toMatchObject({ code: 0, out: expect.stringContaining("went down with its cluster") });
  expect(await sail(["heal", ledger])).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
});

test("local status and down: no process and no folder is left", async () => {
  expect(await sail(["local", "status"])).toMatchObject({ code: 0, out: expect.stringContaining("shop  http://") });
  expect(await sail(["local", "down"])).toMatchObject({ code: 0, out: expect.stringContaining("is down") });
  await deserted(home.folder);
  expect(existsSync(folder())).toBe(false);
  expect(await sail(["local", "status"])).toMatchObject({ code: 1, out: expect.stringContaining("not up") });
  expect(await sail(["local", "down"])).toMatchObject({ code: 0, out: expect.stringContaining("was not up") });
  expect(await sail(["heal", "--on", "local"])).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
});
