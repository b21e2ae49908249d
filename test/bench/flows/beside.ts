import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { journey, scenario, users, type Drivers, type Sessions } from "../../../src/index.ts";
import { play } from "../../../src/play/play.ts";
import { appendTo } from "../../../src/ledger/file.ts";
import { realClock } from "../../../src/units/clock.ts";
import { watchSelf } from "../../../src/units/self.ts";
import { planOf, realRun, withLedger } from "../core/voyage.ts";
import { median } from "../median.ts";

/** What is compiled and cached by the first ones is not what is measured. */
const warmUp = 5;
/** A median of fewer says nothing. */
const fewest = 11;

/** Lends the sample shop, as a process of its own. */
export async function withShop<T>(use: (base: string) => Promise<T>): Promise<T> {
  const shop = spawn(process.execPath, [fileURLToPath(new URL("../../../scenarios/shop/server.ts", import.meta.url))], { env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => shop.once("close", resolve));
  try {
    const line = await new Promise<string>((resolve) => createInterface({ input: shop.stdout }).once("line", resolve));
    return await use(/http:\S+\d/.exec(line)![0]);
  } finally {
    shop.kill("SIGKILL");
    await gone;
  }
}

/**
 * Does the same in Seatrial's way and in the bare way, in turn and in one process, so that whatever
 * else the machine does meets both. Ours is a journey that is played and recorded as in a run. Prints
 * how many each does in a second, by its median.
 *
 * @param things how many of what is counted one turn does
 */
export async function beside<D extends Drivers>(drivers: D, ours: (sessions: Sessions<D>) => Promise<void>, theirs: () => Promise<void>, things = 1): Promise<void> {
  const clock = realClock();
  const took = { ours: [] as number[], theirs: [] as number[] };
  const time = async (whose: keyof typeof took, act: () => Promise<void>) => {
    const fromMs = clock.now();
    await act();
    took[whose].push(clock.now() - fromMs);
  };
  // Servers and browsers start with the first turn; the seconds count from after that.
  let endMs = Infinity;
  const enough = new AbortController();
  const walk = journey(drivers, async (sessions, user) => {
    const pair = [() => time("ours", () => ours(sessions)), () => time("theirs", theirs)];
    for (const one of user.walk % 2 === 0 ? pair : pair.reverse()) await one();
    if (took.theirs.length === warmUp) endMs = clock.now() + Number(process.env["BENCH_SECONDS"]) * 1_000;
    if (took.theirs.length >= warmUp + fewest && clock.now() >= endMs) enough.abort();
  });
  const plan = planOf(scenario({ name: "bench", journeys: { walk }, phases: [{ name: "steady", for: "5m", load: { walk: users(1) } }] }));
  let failures = 0;
  await withLedger(async (path) => {
    const ledger = appendTo(path);
    const self = watchSelf();
    await play(plan, {
      ...realRun(plan, new AbortController().signal), self, stop: enough.signal, flush: () => ledger.flush(),
      write: (line) => {
        ledger.write(line);
        if (line.k === "sec") for (const cell of line.d) failures += cell[2] + cell[3];
      },
      onSay: (_level, text) => process.stderr.write(`${text}\n`),
    });
    self.stop();
    ledger.close();
  });
  if (failures > 0 || !enough.signal.aborted) throw new Error(`${failures} failures, ${took.theirs.length} pairs`);
  const perSecond = (list: readonly number[]) => (1_000 * things) / median(list.slice(warmUp));
  process.stdout.write(JSON.stringify({ ours: perSecond(took.ours), theirs: perSecond(took.theirs) }));
}
