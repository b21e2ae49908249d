import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** Bytes that a good touch leaves on the heap, over a service in memory: counted, not timed, so that a busy machine changes nothing. */
const program = `
const { http } = await import("./drivers/http/index.ts");
const { Mask } = await import("./src/mask/mask.ts");
const { realClock } = await import("./src/units/clock.ts");
const clock = realClock();
const answer = Promise.resolve({ status: 200, headers: {}, body: "ok" });
const record = { op() {}, learned() {}, keeps: () => true };
const artifacts = { save: () => { throw new Error("nothing failed"); } };
async function bytes(settings) {
  const driver = http({ service: "shop", ...settings });
  const session = await driver.open({ record, artifacts, mask: new Mask(), clock, signal: new AbortController().signal, say() {}, service: () => "http://shop.sim", simulated: { request: () => answer } });
  const walk = async (count) => { for (let n = 0; n < count; n++) await session.get("/items"); };
  await walk(20000);
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  await walk(20000);
  const spent = (process.memoryUsage().heapUsed - before) / 20000;
  await driver.close(session);
  return spent;
}
const spent = [];
for (let round = 0; round < 3; round++) spent.push([await bytes({}), await bytes({ evidence: false })]);
console.log(JSON.stringify(spent));
`;

test("evidence costs a touch that goes well no byte", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--max-semi-space-size=128", "--min-semi-space-size=128", "--input-type=module", "-e", program], { cwd: fileURLToPath(new URL("../../../", import.meta.url)), timeout: 60_000 });
  const rounds = JSON.parse(stdout) as [number, number][];
  const least = (which: 0 | 1) => Math.min(...rounds.map((round) => round[which]));
  expect(least(1), stdout).toBeGreaterThan(100);
  expect(Math.abs(least(0) - least(1)), stdout).toBeLessThan(8);
}, 90_000);
