/** 10,000 closed users that think for an hour: what each of them holds of the heap. Needs --expose-gc. */
import { journey, scenario, users } from "../../../src/index.ts";
import { play } from "../../../src/play/play.ts";
import type { Row } from "../table.ts";
import { planOf, realRun } from "./voyage.ts";

const count = 10_000;
let thinking = 0;
let everyone: () => void;
const allThink = new Promise<void>((resolve) => (everyone = resolve));
const idle = journey({}, async (_, user) => {
  thinking += 1;
  if (thinking === count) everyone();
  await user.think("1h");
});

/** What is still in use after everything else was let go. */
async function heapBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

const plan = planOf(scenario({ name: "idle", journeys: { idle }, phases: [{ name: "think", for: "1h", load: { idle: users(count) } }] }));
const halt = new AbortController();
const options = realRun(plan, halt.signal);
const before = await heapBytes();
const playing = play(plan, { ...options, write: () => undefined, flush: () => undefined });
await allThink;
const perUserKb = (await heapBytes() - before) / count / 1_000;
halt.abort();
await playing;
const rows: Row[] = [{ name: "heap per idle user", value: perUserKb, unit: "KB", goal: { below: 15 } }];
process.stdout.write(JSON.stringify(rows));
