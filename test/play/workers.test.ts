import { describe, expect, test } from "vitest";
import { arrivals, dataLoss, everyNoted, journey, restore, rows, scenario, setup, times, users, type OpenContext, type Scenario } from "../../src/index.ts";
import { judge } from "../../src/judge/index.ts";
import type { GapLine, HealthLine } from "../../src/ledger/lines.ts";
import { sim, virtualClock } from "../../src/sim/index.ts";
import { seeded } from "../../src/units/random.ts";
import { found } from "../judge/trial.ts";
import { loopback } from "./loopback.ts";
import { paceOf, rope, staged, type Played } from "./stage.ts";

const line = rope();
const seconds = (played: Played) => played.lines.flatMap((one) => (one.k === "sec" ? one.s : []));
const gapsOf = (played: Played) => played.lines.filter((one) => one.k === "gap") as GapLine[];

describe("several workers", () => {
  const data = rows([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], { order: "unique" });
  const trial = (): Scenario => scenario({
    name: "t", grace: "3s",
    journeys: {
      open: journey({ line }, async ({ line }, user) => {
        await line.touch(30 + (user.id % 3));
        user.check("some are wrong", user.random.next() < 2 && user.walk % 5 !== 4);
      }),
      closed: journey({ line }, async ({ line }, user) => {
        await user.feed(data);
        await user.think("10ms", "300ms");
        await user.step("shop", () => line.touch(user.random.int(1, 90), user.walk % 7 === 3 ? "unsure" : "ok", "buy"));
      }),
      counted: journey({ line }, ({ line }) => line.touch(40)),
    },
    phases: [
      { name: "a", for: "5s", load: { open: arrivals("23/s", { spread: "poisson" }), closed: users(7) } },
      { name: "b", for: "4s", load: { open: arrivals("5/s", { to: "40/s" }), closed: users(12, { spawn: "2/s" }) } },
      { name: "c", load: { counted: times(50, { users: 6 }) } },
    ],
  });

  test.each([1, 2, 3, 5])("%i of them make the same record as none", async (count) => {
    const [alone, together] = [await staged(trial()), await staged(trial(), { company: loopback(count).company })];
    expect(together.end).toEqual(alone.end);
    for (const phase of [0, 1, 2]) {
      for (const journey of ["open", "closed", "counted"]) expect(paceOf(together.view, journey, phase)).toMatchObject({ ...paceOf(alone.view, journey, phase), mostUsers: expect.any(Number) });
    }
    // Closed users draw their own chances, wherever they are: every touch of theirs is the same.
    for (const select of [{ journey: "closed" }, { journey: "closed", step: "shop" }, { journey: "counted" }, { journey: "closed", type: "walk" as const }]) {
      const [one, other] = [alone.view.tally(select), together.view.tally(select)];
      expect([other.ok, other.refused, other.unsure, other.due.pack(), other.began.pack()]).toEqual([one.ok, one.refused, one.unsure, one.due.pack(), one.began.pack()]);
    }
    expect(seconds(together)).toEqual(seconds(alone));
    expect(together.view.pace.filter(({ s }) => s === 7).reduce((sum, { cell }) => sum + cell[6], 0)).toBeGreaterThan(11);
    expect(together.view.failures.filter(({ journey }) => journey === "closed")).toEqual(alone.view.failures.filter(({ journey }) => journey === "closed"));
    expect(together.view.examples.filter(({ journey }) => journey === "closed").length).toBe(alone.view.examples.filter(({ journey }) => journey === "closed").length);
  });

  test("give every user what the setup answered, also those of a fresh worker", async () => {
    const seen: unknown[] = [];
    const crew = loopback(2);
    const prepared = setup({}, async (_, { wait }) => {
      // Longer than a worker may be silent: they wait, and are not taken for dead.
      await wait("15s");
      return { token: "abc" };
    });
    const walk = journey({ line }, async ({ line }, user) => {
      seen.push(user.given(prepared));
      await line.touch(100);
    });
    const { view, end } = await staged(scenario({ name: "t", journeys: { walk }, setup: prepared, phases: [{ name: "p", for: "4s", load: { walk: users(2) } }] }), {
      company: crew.company,
      beside: async (clock) => {
        await clock.sleep(17_000);
        crew.kill(0);
      },
    });
    expect([end.how, view.gaps.length, crew.started]).toEqual(["done", 1, 3]);
    expect(seen.length).toBeGreaterThan(70);
    expect(new Set(seen.map((given) => JSON.stringify(given)))).toEqual(new Set(['{"token":"abc"}']));
    expect(Object.isFrozen(seen.at(-1))).toBe(true);
  });

  test("tell what they lacked to begin a touch with, each for itself", async () => {
    const bare = { kind: "bare", close: async () => undefined, open: async ({ record, clock }: OpenContext) => ({ touch: () => record.op("GET /", clock.now(), clock.now(), "refused", { cause: "no ports" }) }) };
    const walk = journey({ bare }, async ({ bare }, user) => {
      if (user.id === 1) bare.touch();
      await user.think("600ms");
    });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "2s", load: { walk: users(2) } }] }), { company: loopback(2).company });
    expect(view.health.filter(({ lacks }) => lacks).map(({ worker, lacks }) => [worker, lacks])).toEqual([[1, { "no ports": 2 }], [1, { "no ports": 2 }]]);
  });

  test("say what goes wrong once, not once each", async () => {
    const walk = journey({ line }, ({ line }) => line.touch(10), { wait: () => Number.NaN });
    const { view } = await staged(scenario({ name: "t", journeys: { walk }, phases: [{ name: "p", for: "2s", load: { walk: users(6) } }] }), { company: loopback(3).company });
    expect(view.says.map(({ text }) => text)).toEqual([expect.stringContaining("the wait of walk failed")]);
  });
});

describe("a worker that dies", () => {
  const walks = () => scenario({ name: "t", journeys: { walk: journey({ line }, ({ line }) => line.touch(10)) }, phases: [{ name: "p", for: "20s", load: { walk: arrivals("10/s") } }], budget: { walk: { errors: "0%" } } });

  test("is replaced: what was due meanwhile is lost, and the ledger says from when to when", async () => {
    const crew = loopback(2);
    const played = await staged(walks(), {
      company: crew.company,
      beside: async (clock) => {
        await clock.sleep(4_700);
        crew.kill(1, "a wave");
      },
    });
    expect(gapsOf(played)).toMatchObject([{ worker: 1, fromMs: 4_000, toMs: 4_700, why: "a wave" }]);
    expect(crew.started).toBe(3);
    // Its four starts between 4.0 and 4.7 s were begun, and nobody told of them.
    expect(paceOf(played.view, "walk")).toMatchObject({ starts: 197, ended: 197, cut: 0, dropped: 0 });
    expect(played.end.how).toBe("done");
    expect(found(judge(played.view), "worker 2 at 4s")).toMatchObject({ grade: "unsure", reason: "a wave" });
  });

  test("while the others get ready is replaced, and the ledger begins as ledgers do", async () => {
    const crew = loopback(2);
    const played = await staged(walks(), {
      company: (...given) => {
        const company = crew.company(...given);
        crew.kill(1, "too early");
        return company;
      },
    });
    expect(played.lines[0]!.k).toBe("run");
    expect(played.end.how).toBe("done");
    expect(paceOf(played.view, "walk").starts).toBeGreaterThan(195);
  });

  test.each([["shared", times(60, { users: 5 }), 60], ["each", times(15, { users: 5, each: true }), 75]])("leaves counted walks to the next, %s: those under way are cut, the others walked", async (_, pace, walks) => {
    const crew = loopback(2);
    const played = await staged(scenario({ name: "t", journeys: { walk: journey({ line }, ({ line }) => line.touch(300)) }, phases: [{ name: "p", load: { walk: pace } }] }), {
      company: crew.company,
      beside: async (clock) => {
        await clock.sleep(2_050);
        crew.kill(0);
      },
    });
    // At 2.0 s three users were on their way, who began in the 1.8th second.
    expect(paceOf(played.view, "walk")).toMatchObject({ starts: walks, ended: walks - 3, cut: 3, dropped: 0 });
    expect(played.end.how).toBe("done");
  });

  test("again and again ends the run, and so does one that nobody can replace", async () => {
    const crew = loopback(2);
    const killing = await staged(walks(), {
      company: crew.company,
      beside: async (clock) => {
        for (let n = 0; n < 4; n++) {
          await clock.sleep(1_000);
          crew.kill(0);
        }
      },
    });
    expect(killing.end).toMatchObject({ how: "failed", reason: expect.stringContaining("SEA_WORKER_LOST") });
    const lonely = loopback(2, () => Promise.reject(new Error("no room")));
    const lost = await staged(walks(), {
      company: lonely.company,
      beside: async (clock) => {
        await clock.sleep(3_500);
        lonely.kill(0);
      },
    });
    expect(lost.end).toMatchObject({ how: "failed", reason: expect.stringContaining("no room") });
    expect(gapsOf(lost)).toMatchObject([{ worker: 0, fromMs: 3_000 }]);
  });

  test("by silence is known after ten seconds; until then the others are still counted", async () => {
    const crew = loopback(2);
    const asked: number[] = [];
    const played = await staged(walks(), {
      company: crew.company,
      stopQuestion: (countedMs) => void asked.push(countedMs),
      beside: async (clock) => {
        await clock.sleep(3_500);
        crew.delay(1, Infinity);
        await clock.sleep(10_000);
        crew.delay(1, 0);
      },
    });
    expect(gapsOf(played)).toMatchObject([{ worker: 1, fromMs: 3_000, why: expect.stringContaining("did not answer") }]);
    expect(gapsOf(played)[0]!.toMs).toBeLessThan(15_000);
    expect(asked.slice(2, 9)).toEqual([3_000, 3_000, 3_000, 3_000, 4_000, 5_000, 6_000]);
    expect(seconds(played)).toEqual(Array.from({ length: 20 }, (_, s) => s));
    expect(judge(played.view).grade).toBe("unsure");
  });

  test("no, it was only slow: what it tells late is counted, and its seconds are marked", async () => {
    const crew = loopback(2);
    const played = await staged(walks(), {
      company: crew.company,
      beside: async (clock) => {
        await clock.sleep(3_500);
        crew.delay(1, 6_000);
        await clock.sleep(1_000);
        crew.delay(1, 0);
      },
    });
    expect(gapsOf(played)).toEqual([]);
    expect(paceOf(played.view, "walk")).toMatchObject({ starts: 200, ended: 200 });
    expect(seconds(played).filter((s) => s === 3).length).toBe(2);
  });

  test("has its seconds marked: those in which it told nothing", async () => {
    const crew = loopback(2);
    const { view } = await staged(walks(), { company: crew.company });
    const lines = view.health.filter((one) => one.worker !== 1 || one.s < 5 || one.s > 8) as HealthLine[];
    expect(found(judge({ ...view, health: lines, run: { ...view.run, mode: "run" } }), "generator").observed).toBe("5 slow seconds (25%)");
  });
});

describe("noted writes", () => {
  /** A store that forgets nothing, and what users wrote into it. */
  function stored() {
    const there = new Set<string>();
    const walk = journey({ line }, async ({ line }, user) => {
      const id = `${user.id}-${user.walk}`;
      user.attempt("order", id);
      await line.touch(5);
      there.add(id);
      user.note("order", id);
      await user.think("20ms");
    });
    return { there, walk };
  }
  const place = () => sim({ services: { shop: { replicas: 4, data: "orders" } }, data: { orders: { backupEvery: "1s" } } });

  async function sailed(kill: boolean) {
    const { there, walk } = stored();
    const clock = virtualClock();
    const on = place();
    const cluster = await clock.run(() => on.open({ clock, random: seeded(1), signal: new AbortController().signal, run: "run", folder: undefined, say: () => undefined }));
    const crew = loopback(3);
    let flushedAt = -1;
    const lines: unknown[] = [];
    const played = await staged(scenario({
      name: "t", journeys: { walk }, cluster: on,
      phases: [
        { name: "calm", for: "3s", load: { walk: users(6) } },
        {
          name: "storm", load: { walk: users(6) }, after: "1450ms", fault: dataLoss("orders"),
          recover: { by: restore(), within: "30s", keeps: [everyNoted("order", { drivers: { line }, find: async (_, id) => there.has(id), list: async () => [...there] })] },
        },
      ],
      budget: { walk: { errors: "0%" } },
    }), {
      clock, cluster, mayLose: on.mayLose, company: crew.company, write: (one) => lines.push(one), flush: () => (flushedAt = lines.length),
      beside: async () => {
        await clock.sleep(2_500);
        if (kill) crew.kill(2);
      },
    });
    return { played, there, flushedAt };
  }

  test("of all workers are on the disk before the harm, and are all asked for after it", async () => {
    const { played, flushedAt } = await sailed(false);
    const inject = played.lines.findIndex((one) => one.k === "storm" && one.step === "inject");
    const injectMs = (played.lines[inject] as { t: number }).t;
    expect(flushedAt).toBeLessThanOrEqual(inject);
    const notes = (lines: Played["lines"]) => lines.flatMap((one) => (one.k === "notes" && one.what === "note" ? one.ids : [])).filter(([t]) => t < injectMs);
    expect(notes(played.lines).length).toBeGreaterThan(500);
    expect(notes(played.lines.slice(0, inject)).length).toBe(notes(played.lines).length);
    const [survival] = played.view.survivals;
    expect(survival).toMatchObject({ lostCount: 0, unexpectedCount: 0, unknown: 0 });
    expect(survival!.found).toBe(survival!.noted);
    expect(survival!.noted).toBeGreaterThan(500);
    // Those of the very last moment before they are asked for, too.
    const healedMs = played.view.storms[0]!.healedMs!;
    expect(survival!.noted).toBeGreaterThanOrEqual(played.lines.flatMap((one) => (one.k === "notes" && one.what === "note" ? one.ids : [])).filter(([t]) => t < healedMs).length);
    expect(found(judge(played.view), "storm / survival / order").grade).toBe("pass");
  });

  test("that died with a worker are nobody's loss, and no pass", async () => {
    const { played } = await sailed(true);
    const [survival] = played.view.survivals;
    expect(survival).toMatchObject({ lostCount: 0, unexpectedCount: 0, error: expect.stringContaining("worker 3 died with what was noted last") });
    expect(found(judge(played.view), "storm / survival / order").grade).toBe("unsure");
  });
});
