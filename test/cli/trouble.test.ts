/** Trouble on the generator's own side: no CPU, no disk. What was not measured or written is no pass. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deserted, greeterFile, linesOf, makeHome, mistakes, seatrial, summaryOf, type Home } from "./seatrial.ts";

const starvedText = `import { journey, scenario, users } from "seatrial";
import { http } from "seatrial/http";
const site = http({ base: process.env.BASE! });
/** Computes for 300 ms at a time, as a journey that hashes or parses too much does. */
const busy = journey({ site }, async ({ site }, user) => {
  await site.get("/");
  for (const end = performance.now() + 300; performance.now() < end; );
  await user.think("100ms");
});
export default scenario({
  name: "starved", journeys: { busy },
  phases: [{ name: "all", for: "5s", load: { busy: users(2) } }],
  budget: { busy: { p95: "10s", errors: "1%" } },
});
`;

/** Many steps, so that the ledger grows past its limit in a second or two. */
const fullText = `import { journey, nodeLoss, scenario, users } from "seatrial";
import { http } from "seatrial/http";
import { local } from "seatrial/local";
const greeter = http({ service: "greeter" });
let count = 0;
const visit = journey({ greeter }, async ({ greeter }, user) => {
  await user.think("10ms");
  await greeter.get("/", { name: \`step \${count++ % 100}\` });
});
const load = { visit: users(4) };
const calm = process.env.CALM === "yes";
export default scenario({
  name: "full", journeys: { visit },
  cluster: local({ services: { greeter: { command: ["node", "greeter.mjs"], replicas: 2, ready: "/" } }, nodes: 2 }),
  phases: [
    { name: "storm", load, after: calm ? "20s" : "0ms", hold: "20s", fault: nodeLoss(), recover: { by: "platform", within: "20s" } },
    { name: "calm", for: "20s", load },
  ],
  budget: { visit: { errors: "90%" } },
});
`;

/** One step in its first second, and many in its last, which is written when everything else is over. */
const lateText = `import { journey, scenario, times } from "seatrial";
import { http } from "seatrial/http";
const site = http({ base: process.env.BASE! });
const visit = journey({ site }, async ({ site }, user) => {
  await site.get("/");
  await user.think("1200ms");
  for (let count = 0; count < 90; count++) await site.get("/", { name: \`step \${count}\` });
});
export default scenario({ name: "late", journeys: { visit }, phases: [{ name: "all", load: { visit: times(1) } }], budget: { visit: { errors: "1%" } } });
`;

let home: Home;
let server: Server;
beforeAll(async () => {
  home = makeHome({ "starved.ts": starvedText, "full.ts": fullText, "late.ts": lateText, "greeter.mjs": greeterFile });
  server = createServer((_, response) => void response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  home.remove();
});

test("a generator that could not keep up is not believed", async () => {
  const env = { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const ended = await seatrial(["run", "starved.ts", "--out", "starved", "--report", "json"], { cwd: home.folder, env });
  expect(ended).toMatchObject({ code: 2, out: expect.stringContaining("could not keep up") });
  expect(ended.err).not.toMatch(mistakes);
  const { verdict, findings, generator } = summaryOf(home.path("starved"));
  expect(verdict.grade).toBe("unsure");
  expect(findings.find((one) => one.about === "generator")).toMatchObject({ grade: "unsure" });
  expect(findings.find((one) => one.id.endsWith("p95"))).toMatchObject({ grade: "unsure" });
  expect(generator.slowSeconds).toBeGreaterThanOrEqual(3);
});

// A limit on the size of every file stands in for a full disk: it needs no rights, and hits the ledger first.
test.each([
  ["in the calm", "yes", []],
  ["in a storm", "no", ["aim", "inject", "injected", "harmed", "healing", "healed"]],
] as const)("a disk that is full %s ends the run, healed and told", async (_, CALM, steps) => {
  const out = `full-${CALM}`;
  const ended = await seatrial(["run", "full.ts", "--out", out], { cwd: home.folder, env: { CALM }, shell: "ulimit -f 12; exec" });
  expect(ended.err).toContain("SEA_LEDGER_WRITE");
  expect(ended.err).not.toMatch(mistakes);
  expect(ended).toMatchObject({ signal: null, code: 2, out: expect.stringMatching(/failed after .*[^]*SEA_LEDGER_WRITE/) });
  // What did not fit was a long line; the short ones of the healing and the end are there.
  const lines = linesOf(home.path(out, "ledger.ndjson"));
  expect(lines.at(-1)).toMatchObject({ k: "end", how: "failed" });
  expect(lines.flatMap((line) => (line.k === "storm" ? line.step : []))).toEqual(steps);
  await deserted(home.folder);
});

test("a disk that is full at the very end passes nothing", async () => {
  const env = { BASE: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const fine = await seatrial(["run", "late.ts", "--out", "late", "--report", "none"], { cwd: home.folder, env });
  expect(fine.code).toBe(0);
  const lines = readFileSync(home.path("late/ledger.ndjson"), "utf8").split("\n");
  const second = lines.findLastIndex((line) => line.startsWith('{"k":"sec"'));
  const before = lines.slice(0, second).join("\n").length;
  // The limit counts in kilobytes: it is reached in the middle of that line.
  const most = Math.floor((before + lines[second]!.length - 200) / 1_024);
  expect(most * 1_024).toBeGreaterThan(before + 100);
  const ended = await seatrial(["run", "late.ts", "--out", "late-full", "--report", "none"], { cwd: home.folder, env, shell: `ulimit -f ${most}; exec` });
  expect(ended.err).toContain("SEA_LEDGER_WRITE");
  expect(ended).toMatchObject({ code: 2, out: expect.stringContaining("SEA_LEDGER_WRITE") });
});
