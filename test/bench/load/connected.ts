/** 5,000 users (or as many as are asked for), each with a kept-alive connection, think for an hour: what the process holds more than with none. Needs --expose-gc. */
import { http } from "../../../drivers/http/index.ts";
import { journey, scenario, users } from "../../../src/index.ts";
import { play } from "../../../src/play/play.ts";
import { planOf, realRun } from "../core/voyage.ts";
import type { Row } from "../table.ts";
import { withServer } from "./base.ts";

const count = Number(process.argv[2] ?? 5_000);
/** Enough to have everything loaded and compiled. */
const warmCount = 50;

/** Memory of the process in MB, after everything that can be let go of was. */
async function restingMb(): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    // The last resort also gives back the pages that a garbage collection leaves half empty.
    await gc!({ type: "major", execution: "async", flavor: "last-resort" });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return process.memoryUsage.rss() / 1e6;
}

/** So many users connect and think; answers what the process holds meanwhile. */
async function holding(base: string, most: number): Promise<number> {
  const site = http({ base });
  let connected = 0;
  let everyone: () => void;
  const all = new Promise<void>((resolve) => (everyone = resolve));
  const visit = journey({ site }, async ({ site }, user) => {
    (await site.get("/items/17")).json();
    connected += 1;
    if (connected === most) everyone();
    await user.think("1h");
  });
  const plan = planOf(scenario({ name: "connected", journeys: { visit }, phases: [{ name: "think", for: "1h", load: { visit: users(most, { spawn: "1000/s" }) } }] }));
  const halt = new AbortController();
  const playing = play(plan, { ...realRun(plan, halt.signal), write: () => undefined, flush: () => undefined });
  await all;
  const mb = await restingMb();
  halt.abort();
  await playing;
  return mb;
}

const rows = await withServer(async (base): Promise<Row[]> => {
  await holding(base, warmCount);
  const before = await restingMb();
  const more = (await holding(base, count)) - before;
  return [
    { name: `${count} connected users`, value: more, unit: "MB", goal: { below: (60 * count) / 5_000 } },
    { name: "each of them", value: (more * 1_000) / count, unit: "KB" },
    { name: "process without them", value: before, unit: "MB" },
  ];
});
process.stdout.write(JSON.stringify(rows));
