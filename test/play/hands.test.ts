/** What a person does to a run under way: done at once, written down, and told by the verdict. */
import { describe, expect, test } from "vitest";
import { arrivals, dataLoss, everyNoted, journey, restore, scenario, split, users, type Aim, type Fault } from "../../src/index.ts";
import { judge } from "../../src/judge/index.ts";
import type { HandLine, StormLine } from "../../src/ledger/lines.ts";
import type { Handled, Hands } from "../../src/model/hands.ts";
import type { Progress } from "../../src/model/progress.ts";
import { sim, virtualClock } from "../../src/sim/index.ts";
import { seeded } from "../../src/units/random.ts";
import { found } from "../judge/trial.ts";
import { loopback } from "./loopback.ts";
import { paceOf, rope, staged, type Played, type Stage } from "./stage.ts";

const line = rope();
const walk = journey({ line }, ({ line }) => line.touch(100));
const by = "the page";

/** Plays, and at some moments does something by hand. */
async function handled(trial: Parameters<typeof scenario>[0], acts: readonly (readonly [atMs: number, act: (hands: Hands) => Handled])[], stage: Stage = {}): Promise<Played & { answers: Handled[]; hands: HandLine[]; progress: Progress[] }> {
  let hands: Hands | undefined;
  const answers: Handled[] = [];
  const progress: Progress[] = [];
  const played = await staged(scenario(trial), {
    onHands: (given) => (hands = given),
    onProgress: (now) => progress.push(now),
    beside: async (clock) => {
      for (const [atMs, act] of acts) {
        await clock.until(atMs);
        answers.push(act(hands!));
      }
    },
    ...stage,
  });
  return { ...played, answers, hands: played.lines.filter((one) => one.k === "hand") as HandLine[], progress };
}

describe("users by hand", () => {
  const trial = (load: object, more: object = {}) => ({
    name: "t", journeys: { walk }, budget: { walk: { errors: "1%" } },
    phases: [{ name: "one", for: "10s", load, ...more }, { name: "two", for: "5s", load: { walk: users(2) } }],
  }) as Parameters<typeof scenario>[0];

  test("come and go at once, until the phase ends, and every change is a line", async () => {
    const { hands, answers, view, progress } = await handled(trial({ walk: users(3) }), [
      [2_050, (deck) => deck.users("walk", 4, by)],
      [5_050, (deck) => deck.users("walk", -6, by)],
    ]);
    expect(answers.map(({ done }) => done)).toEqual([true, true]);
    expect(hands).toEqual([
      { k: "hand", t: 2_050, phase: 0, act: "users", by, journey: "walk", planned: 3, before: 3, wanted: 7 },
      { k: "hand", t: 5_050, phase: 0, act: "users", by, journey: "walk", planned: 3, before: 7, wanted: 1 },
    ]);
    const usersAt = (s: number) => view.pace.find((row) => row.s === s)!.cell[6];
    expect([1, 3, 6, 12].map(usersAt)).toEqual([3, 7, 1, 2]);
    expect(progress.find((now) => now.tMs >= 3_000)!.closed).toEqual([{ journey: "walk", users: 7, planned: 3, wanted: 7 }]);
    expect(view.says.map(({ level, text }) => [level, text])).toContainEqual(["warning", "by hand: users of walk from 3 to 7, 3 planned (the page)"]);
    // The clock stands while nobody waits: a walk of 100 ms is ten walks a second of each user.
    expect(paceOf(view, "walk", 0).starts).toBeCloseTo(10 * (2 * 3 + 3 * 7 + 5 * 1), -1);
  });

  test("follow a ramp, and one share of a split alone", async () => {
    const other = journey({ line }, ({ line }) => line.touch(100));
    const { view } = await handled({
      name: "t", journeys: { walk, other }, budget: {},
      phases: [{ name: "ramp", for: "10s", load: split(users(0, { to: 20 }), { walk: 1, other: 1 }) }],
    }, [[2_000, (deck) => deck.users("walk", 5, by)]]);
    const usersAt = (journey: string) => view.pace.filter((row) => row.s === 8 && row.cell[1] === journey)[0]!.cell[6];
    // The share whose turn it is may have one more.
    expect([5, 6]).toContain(usersAt("walk") - usersAt("other"));
  });

  test("are never fewer than none, nor more than a machine bears, and nothing changed is no line", async () => {
    const { hands, answers } = await handled(trial({ walk: users(1) }), [
      [1_000, (deck) => deck.users("walk", -5, by)],
      [2_000, (deck) => deck.users("walk", -5, by)],
      [9_990, (deck) => deck.users("walk", 1e9, by)],
    ]);
    expect(hands.map(({ wanted }) => wanted)).toEqual([0, 10_000]);
    expect(answers.map(({ done }) => done)).toEqual([true, false, true]);
  });

  test.each([["open", arrivals("5/s")], ["absent", undefined]])("are refused where the pace is %s", async (_, pace) => {
    const { hands, answers } = await handled(trial(pace ? { walk: pace } : {}), [[1_000, (deck) => deck.users("walk", 1, by)], [1_500, (deck) => deck.users("nobody", 1, by)]]);
    expect(answers.map(({ done }) => done)).toEqual([false, false]);
    expect(hands).toEqual([]);
  });

  test("take the pass away from their phase, and from no other", async () => {
    const { view } = await handled(trial({ walk: users(3) }), [[2_000, (deck) => deck.users("walk", 1, by)]]);
    const verdict = judge(view);
    expect(found(verdict, "one / load by hand")).toMatchObject({ grade: "unsure", observed: "users of walk from 3 to 4 at 2s, 3 planned" });
    expect(verdict.findings.map(({ id }) => id)).not.toContain("two / load by hand");
    expect(verdict.grade).toBe("unsure");
  });

  test("in a phase that is not judged change no verdict", async () => {
    const { view } = await handled(trial({ walk: users(3) }, { judged: false }), [[2_000, (deck) => deck.users("walk", 1, by)]]);
    expect(judge(view).grade).toBe("pass");
  });

  test.each([1, 2, 3])("are shared out to %i workers, also to one that takes over, and forgotten with the phase", async (count) => {
    const crew = loopback(count);
    const { hands, view, progress } = await handled({ ...trial({ walk: users(4) }) }, [
      [2_550, (deck) => deck.users("walk", 5, by)],
      [2_560, (deck) => deck.users("walk", 2, by)],
      [3_500, () => (crew.kill(0), { done: true, text: "" })],
      [6_550, (deck) => deck.users("walk", -9, by)],
    ], { company: crew.company });
    expect(hands.map(({ before, wanted, planned }) => [before, wanted, planned])).toEqual([[4, 9, 4], [9, 11, 4], [11, 2, 4]]);
    const usersAt = (s: number) => view.pace.filter((row) => row.s === s && row.cell[0] === (s < 10 ? 0 : 1)).reduce((sum, { cell }) => sum + cell[6], 0);
    expect([1, 5, 8, 12].map(usersAt)).toEqual([4, 11, 2, 2]);
    expect(progress.find((now) => now.tMs >= 9_000)!.closed).toEqual([{ journey: "walk", users: 2, planned: 4, wanted: 2 }]);
    expect(progress.find((now) => now.tMs >= 12_500)!.closed).toEqual([{ journey: "walk", users: 2, planned: 2, wanted: 2 }]);
  });

  test("of several workers keep what was added to their share while it grows", async () => {
    const { view } = await handled({ name: "t", journeys: { walk }, budget: {}, phases: [{ name: "ramp", for: "12s", load: { walk: users(0, { to: 24 }) } }] }, [
      [3_550, (deck) => deck.users("walk", 7, by)],
    ], { company: loopback(3).company });
    const usersAt = (s: number) => view.pace.filter((row) => row.s === s).reduce((sum, { cell }) => sum + cell[6], 0);
    expect(usersAt(9)).toBeGreaterThanOrEqual(19 + 7);
    expect(usersAt(9)).toBeLessThanOrEqual(20 + 7);
  });

  const failing = journey({ line }, ({ line }) => line.touch(100, "refused"));
  test.each([["more", 1, "unsure"], ["fewer", -1, "fail"]] as const)("a limit that broke under %s than planned is %s", async (_, delta, grade) => {
    const { view } = await handled({ ...trial({ walk: users(3) }), journeys: { walk: failing } }, [[2_000, (deck) => deck.users("walk", delta, by)]]);
    const verdict = judge(view);
    expect(found(verdict, "one / walk / errors").grade).toBe(grade);
    expect(found(verdict, "two / walk / errors").grade).toBe("fail");
  });
});

describe("a storm healed by hand", () => {
  const flag = (recoversAfterMs = Infinity, strikesMs = 0) => {
    let harmedMs: number | undefined;
    const clock = virtualClock();
    const fault: Fault = {
      kind: "flag", harm: "raises a flag", mendedBy: { platform: true, restore: true } as Fault["mendedBy"], costs: [],
      aim: async (): Promise<Aim> => ({ targets: [] }),
      inject: async () => {
        await clock.sleep(strikesMs);
        harmedMs = clock.now();
      },
      recovered: async () => harmedMs === undefined || clock.now() - harmedMs >= recoversAfterMs,
      heal: async () => {
        harmedMs = undefined;
        return true;
      },
    };
    return { clock, fault };
  };
  const place = sim({ services: { shop: { replicas: 2 } } });
  const weathered = async (recoversAfterMs: number | undefined, acts: Parameters<typeof handled>[1], storm: object = {}, strikesMs = 0) => {
    const { clock, fault } = flag(recoversAfterMs, strikesMs);
    const cluster = await clock.run(() => place.open({ clock, random: seeded(1), signal: new AbortController().signal, run: "run", folder: undefined, say: () => undefined }));
    const played = await handled({
      name: "t", journeys: { walk }, cluster: place, budget: { walk: { errors: "1%" } },
      phases: [{ name: "storm", load: { walk: users(1) }, after: "2s", fault, recover: { by: "platform", within: "20s" }, ...storm } as never],
    } as Parameters<typeof scenario>[0], acts, { clock, cluster });
    return { ...played, steps: (played.lines.filter(({ k }) => k === "storm") as StormLine[]).map(({ step }) => step) };
  };

  test("is healed at once, and nobody's promise was kept or broken", async () => {
    const { steps, hands, answers, view } = await weathered(undefined, [[5_000, (deck) => deck.heal(by)]]);
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "relieved", "healing", "healed"]);
    expect(answers[0]!.done).toBe(true);
    expect(hands).toEqual([{ k: "hand", t: 5_000, phase: 0, act: "heal", by }]);
    expect(view.storms[0]!.healedMs).toBeLessThan(6_000);
    const verdict = judge(view);
    expect(found(verdict, "storm / recovery")).toMatchObject({ grade: "unsure", observed: "healed by hand after 3s" });
    expect(found(verdict, "storm / healed").grade).toBe("pass");
    expect(verdict).toMatchObject({ grade: "unsure", unhealed: [] });
  });

  test("is not to be had before the storm, twice, or when it heals anyway", async () => {
    const { answers, hands, steps } = await weathered(3_000, [
      [1_000, (deck) => deck.heal(by)],
      [2_500, (deck) => deck.heal(by)],
      [2_500, (deck) => deck.heal(by)],
      [30_000, (deck) => deck.heal(by)],
    ], { hold: "40s" });
    expect(answers.map(({ done }) => done)).toEqual([false, true, false, false]);
    expect(hands).toHaveLength(1);
    expect(steps.filter((step) => step === "relieved")).toHaveLength(1);
  });

  test("while it strikes, the strike is waited for and nobody begins to mend", async () => {
    const mend = { by: { ...restore(), prepare: async () => null, mend: async () => undefined }, within: "20s" };
    const { steps } = await weathered(undefined, [[4_000, (deck) => deck.heal(by)]], { recover: mend }, 5_000);
    expect(steps).toEqual(["aim", "inject", "injected", "harmed", "relieved", "healing", "healed"]);
  });

  test("what is recovered already stays the platform's", async () => {
    const { answers, view } = await weathered(3_000, [[6_000, (deck) => deck.heal(by)]], { hold: "10s" });
    expect(answers.map(({ done }) => done)).toEqual([false]);
    expect(found(judge(view), "storm / recovery").grade).toBe("pass");
  });
});

test("what is found after a healing by hand says nothing for the recovery", async () => {
  const clock = virtualClock();
  const place = sim({ services: { shop: { replicas: 4, data: "orders" } }, data: { orders: { backupEvery: "1s" } } });
  const cluster = await clock.run(() => place.open({ clock, random: seeded(1), signal: new AbortController().signal, run: "run", folder: undefined, say: () => undefined }));
  const noting = journey({ line }, async ({ line }, user) => {
    await line.touch(100);
    user.note("order", `${user.id}-${user.walk}`);
  });
  const keeps = [everyNoted("order", { drivers: { line }, find: async () => true })];
  const { view } = await handled({
    name: "t", journeys: { noting }, cluster: place, budget: { noting: { errors: "1%" } },
    phases: [{ name: "calm", for: "4s", load: { noting: users(1) } }, { name: "storm", load: { noting: users(1) }, fault: dataLoss("orders"), recover: { by: { ...restore(), mend: () => new Promise(() => undefined) }, within: "30s", keeps } }],
  } as Parameters<typeof scenario>[0], [[6_000, (deck) => deck.heal(by)]], { clock, cluster, mayLose: place.mayLose });
  expect(found(judge(view), "storm / survival / order")).toMatchObject({ grade: "unsure", reason: expect.stringContaining("healed by hand") });
});
