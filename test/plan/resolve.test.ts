import { describe, expect, test } from "vitest";
import { arrivals, journey, lift, probe, rows, scenario, shape, split, times, users, type Scenario } from "../../src/index.ts";
import type { Place } from "../../src/model/cluster.ts";
import type { Fault } from "../../src/model/fault.ts";
import { resolve } from "../../src/plan/resolve.ts";
import { select } from "../../src/plan/select.ts";
import { problem } from "../../src/units/errors.ts";

const walk = async () => undefined;
const browse = journey({}, walk, { tags: ["smoke"] });
const place = { kind: "stand-in", name: "here", services: ["shop"], mayLose: { pods: 1, nodes: 1, data: ["orders"] }, address: undefined, open: async () => { throw new Error("plan opens nothing"); } } satisfies Place;
const fault = (more: Partial<Fault> = {}): Fault => ({
  kind: "pod-loss", harm: "kills 1 pod", mendedBy: { platform: true } as Fault["mendedBy"], costs: [{ what: "pod", count: 1 }],
  aim: async () => ({ targets: [] }), inject: async () => undefined, recovered: async () => true, heal: async () => true, ...more,
});
/** A scenario as a user of JavaScript may write it: the types are not there to help. */
const made = (spec: Record<string, unknown>): Scenario =>
  scenario({ name: "t", journeys: { browse }, phases: [{ name: "p", for: "10s", load: { browse: arrivals("1/s") } }], budget: { browse: { p95: "1s" } }, ...spec } as never);
const found = (spec: Record<string, unknown>): string[] => resolve(made(spec)).problems.map(({ code, place }) => `${code} ${place}`);
const phase = (more: Record<string, unknown>) => ({ phases: [{ name: "p", for: "10s", load: { browse: arrivals("1/s") }, ...more }] });
const storm = (more: Record<string, unknown>) => ({ cluster: place, phases: [{ name: "p", load: { browse: arrivals("1/s") }, fault: fault(), recover: { by: "platform", within: "10s" }, ...more }] });

test.each([
  ["a phase on a place that the scenario has not", { cluster: place, ...phase({ on: { ...place, name: "there" } }) }, 'SEA_PHASE_PLACE phases[0] "p".on'],
  ["a phase of no length", phase({ for: "0s" }), 'SEA_TIME_ZERO phases[0] "p".for'],
  ["a length with a blank", phase({ for: "10 s" }), 'SEA_UNIT_DURATION phases[0] "p".for'],
  ["a rate without its unit", phase({ load: { browse: arrivals("80" as never) } }), 'SEA_UNIT_RATE phases[0] "p".load.browse'],
  ["an unknown journey in a load", phase({ load: { brows: arrivals("1/s") } }), 'SEA_UNKNOWN_JOURNEY phases[0] "p".load.brows'],
  ["an unknown journey in a budget", { budget: { buy: { p95: "1s" } } }, "SEA_UNKNOWN_JOURNEY budget.buy"],
  ["an unknown field of a budget", { budget: { browse: { p95ms: 200 } } }, "SEA_BUDGET_FIELD budget.browse.p95ms"],
  ["a percentile beyond 100", { budget: { browse: { p101: "1s" } } }, "SEA_BUDGET_FIELD budget.browse.p101"],
  ["a budget that is no object", { budget: { browse: "p95 < 200ms" } }, "SEA_BUDGET budget.browse"],
  ["a percentage without its sign", { budget: { browse: { errors: "0.1" } } }, "SEA_UNIT_PERCENT budget.browse.errors"],
  ["a wrong unit deep in a step", { budget: { browse: { steps: { "GET /": { p95: "1 s" } } } } }, 'SEA_UNIT_DURATION budget.browse.steps["GET /"].p95'],
  ["dropped starts of a step", { budget: { browse: { steps: { "GET /": { dropped: "1%" } } } } }, 'SEA_BUDGET_FIELD budget.browse.steps["GET /"].dropped'],
  ["a pace without a length", phase({ for: undefined }), 'SEA_PACE_WITHOUT_LENGTH phases[0] "p".load.browse'],
  ["a ramp without a length", storm({ load: { browse: arrivals("1/s", { to: "2/s" }) } }), 'SEA_RAMP_WITHOUT_LENGTH phases[0] "p".load.browse'],
  ["half a user", phase({ load: { browse: users(1.5) } }), 'SEA_COUNT phases[0] "p".load.browse'],
  ["no walks", phase({ load: { browse: times(0) } }), 'SEA_COUNT phases[0] "p".load.browse'],
  ["something that is no pace", phase({ load: { browse: "10/s" } }), 'SEA_PACE phases[0] "p".load.browse'],
  ["weights of nothing", phase({ load: split(users(3), { browse: 0 }) }), 'SEA_WEIGHTS phases[0] "p".load.browse'],
  ["two phases of one name", { phases: [{ name: "p", for: "1s", load: {} }, { name: "p", for: "1s", load: {} }] }, "SEA_NAME_TWICE phases[1]"],
  ["a phase without a name", phase({ name: "" }), "SEA_NAME_MISSING phases[0]"],
  ["a misspelt field of a phase", phase({ budgets: {} }), 'SEA_UNKNOWN_FIELD phases[0] "p".budgets'],
  ["no phases", { phases: [] }, "SEA_NO_PHASES phases"],
  ["no journeys", { journeys: {}, phases: [{ name: "p", for: "1s", load: {} }], budget: {} }, "SEA_NO_JOURNEYS journeys"],
  ["a journey that is none", { journeys: { browse: walk } }, "SEA_JOURNEY journeys.browse"],
  ["a journey called all", { journeys: { browse, all: browse } }, "SEA_NAME_TAKEN journeys.all"],
  ["a driver that is none", { journeys: { browse: { drivers: { shop: "https://" }, walk } } }, "SEA_DRIVER journeys.browse.drivers.shop"],
  ["a service without a cluster", { journeys: { browse: { drivers: { shop: { open: walk, service: "shop" } }, walk } } }, "SEA_SERVICE_WITHOUT_CLUSTER journeys.browse.drivers.shop"],
  ["a service that the cluster lacks", { cluster: place, journeys: { browse: { drivers: { shop: { open: walk, service: "cart" } }, walk } } }, "SEA_SERVICE_UNKNOWN journeys.browse.drivers.shop"],
  ["a fault without a cluster", { phases: storm({}).phases }, 'SEA_FAULT_WITHOUT_CLUSTER phases[0] "p".fault'],
  ["a fault without a recovery", storm({ recover: undefined }), 'SEA_FAULT_WITHOUT_RECOVERY phases[0] "p"'],
  ["a recovery that can't mend", storm({ fault: fault({ mendedBy: { restore: true } as never }) }), 'SEA_RECOVERY_UNFIT phases[0] "p".recover.by'],
  ["a word for a recovery that somebody must do", storm({ fault: fault({ mendedBy: { lift: true } as never }), recover: { by: "lift", within: "1m" } }), 'SEA_RECOVERY_UNFIT phases[0] "p".recover.by'],
  ["a hold that takes all the time there is", storm({ fault: fault({ mendedBy: { lift: true } as never }), recover: { by: lift({ after: "10s" }), within: "10s" } }), 'SEA_RECOVERY_LATE phases[0] "p".recover.by.after'],
  ["a hold without a unit", storm({ fault: fault({ mendedBy: { lift: true } as never }), recover: { by: lift({ after: "10" as never }), within: "1m" } }), 'SEA_UNIT_DURATION phases[0] "p".recover.by.after'],
  ["what a fault says of itself", storm({ fault: fault({ check: ({ place: at, withinMs }) => [problem("SEA_COUNT", { value: withinMs, least: 1 }, at)] }) }), 'SEA_COUNT phases[0] "p".fault'],
  ["a recovery without a time", storm({ recover: { by: "platform" } }), 'SEA_RECOVERY_WITHOUT_TIME phases[0] "p".recover'],
  ["a storm with a length", storm({ for: "10s" }), 'SEA_STORM_WITH_LENGTH phases[0] "p".for'],
  ["something that is no fault", storm({ fault: { kind: "boom" } }), 'SEA_FAULT phases[0] "p".fault'],
  ["more pods than may be lost", storm({ fault: fault({ costs: [{ what: "pod", count: 2 }] }) }), 'SEA_NOT_ALLOWED phases[0] "p".fault'],
  ["data that may not be lost", storm({ fault: fault({ costs: [{ what: "data", name: "users" }] }) }), 'SEA_NOT_ALLOWED phases[0] "p".fault'],
  ["a release that may not be bad", storm({ fault: fault({ costs: [{ what: "release", name: "shop" }] }) }), 'SEA_NOT_ALLOWED phases[0] "p".fault'],
  ["a probe that is none", { probes: [{ name: "x" }] }, "SEA_PROBE probes[0]"],
  ["two probes of one name", { probes: [probe("x", { ask: async () => ({}) }), probe("x", { ask: async () => ({}) })] }, "SEA_NAME_TWICE probes[1]"],
  ["a beat of no time", { probes: [probe("x", { every: "0s", ask: async () => ({}) })] }, "SEA_TIME_ZERO probes[0].every"],
  ["a grace that is no time", { grace: "soon" }, "SEA_UNIT_DURATION grace"],
  ["a seed that is no number", { seed: "42" }, "SEA_COUNT seed"],
])("%s is found, with its code and place", (_, spec, expected) => {
  expect(found(spec as Record<string, unknown>)).toContain(expected);
});

test("every mistake is found in one go, each with a hint", () => {
  const { problems, plan } = resolve(made({
    name: "", grace: "x", seed: 1.5, budget: { buy: { p95: "x" } },
    phases: [{ name: "a", for: "10 s", load: { browse: arrivals("80" as never), nobody: users(1) } }, { name: "a", load: { browse: users(-1) } }],
  }));
  expect(plan).toBeUndefined();
  expect(problems.length).toBeGreaterThanOrEqual(10);
  for (const problem of problems) {
    expect(problem.hint.length).toBeGreaterThan(10);
    expect(`${problem.message}${problem.hint}`).not.toMatch(/\{\w+\}|undefined/);
  }
});

describe("a sound scenario", () => {
  test("is planned with every unit parsed", () => {
    const { plan, problems } = resolve(made({
      phases: [
        { name: "warm", for: "1m", judged: false, load: { browse: arrivals("10/s", { to: "80/s" }) } },
        { name: "wave", for: "1m", load: { browse: shape({ users: (s) => s }) } },
        { name: "once", load: { browse: times(3, { users: 2 }) } },
      ],
    }));
    expect(problems).toEqual([]);
    expect(plan!.phases.map(({ forMs, judged }) => [forMs, judged])).toEqual([[60_000, false], [60_000, true], [undefined, true]]);
    expect(plan!.phases[0]!.load.get("browse")).toMatchObject({ kind: "arrivals", from: 0.01, to: 0.08, overMs: 60_000, most: 1_000 });
  });

  test("plans storms on a cluster without opening it", () => {
    const { plan, problems } = resolve(made(storm({ after: "2s", hold: "3s" })));
    expect(problems).toEqual([]);
    expect(plan!.phases[0]!.storm).toMatchObject({ withinMs: 10_000, afterMs: 2_000, holdMs: 3_000, recovery: undefined });
  });

  test("warns when nothing will be judged, and of journeys without load", () => {
    const { warnings } = resolve(made({ budget: {}, journeys: { browse, buy: browse } }));
    expect(warnings.join("\n")).toMatch(/nothing will be judged[\s\S]*journey buy/);
  });
});

describe("select", () => {
  const buy = journey({}, walk, { tags: ["money"] });
  const whole = made({ journeys: { browse, buy }, phases: [{ name: "p", for: "1s", load: { browse: users(1), buy: users(1) } }], budget: { browse: { p95: "1s" }, buy: { p95: "1s" }, all: { errors: "1%" } } });

  test.each([
    ["by name", { grep: /brow/ }, ["browse"]],
    ["by @tag in a pattern", { grep: /@money/ }, ["buy"]],
    ["by tag", { tags: ["smoke", "other"] }, ["browse"]],
    ["without a tag", { exclude: ["money"] }, ["browse"]],
    ["without a tag that a pattern chose", { grep: /./, exclude: ["smoke"] }, ["buy"]],
    ["leaving out wins", { tags: ["smoke", "money"], exclude: ["smoke"] }, ["buy"]],
    ["by both", { grep: /buy/, tags: ["smoke"] }, []],
  ])("%s", (_, selection, names) => {
    const chosen = select(whole, selection);
    expect(Object.keys(chosen.journeys)).toEqual(names);
    expect(Object.keys(chosen.phases[0]!.load)).toEqual(names);
    expect(Object.keys(chosen.budget)).toEqual([...names, "all"]);
  });
});

test("rows of a feeder are inert until asked for", async () => {
  await expect(rows([1, 2]).rows()).resolves.toEqual([1, 2]);
});

test("a phase may be for some places alone: elsewhere it is left out, in words, and its harm is weighed by those alone", () => {
  const there: Place = { ...place, name: "there", mayLose: {} };
  const one = (name: string, more: Record<string, unknown>) => ({ name, for: "10s", load: { browse: arrivals("1/s") }, ...more });
  const lost = { for: undefined, fault: fault(), recover: { by: "platform", within: "10s" } };
  const trial = made({ cluster: [place, there], phases: [one("calm", {}), one("storm", { on: place, ...lost }), one("storm", { on: there, judged: false }), one("after", { on: [place, there] })] });
  const onThere = resolve(trial, [there]);
  expect(onThere.problems).toEqual([]);
  expect(onThere.plan!.phases.map(({ name, index, storm }) => [name, index, storm !== undefined])).toEqual([["calm", 0, false], ["storm", 1, false], ["after", 2, false]]);
  expect(onThere.warnings).toContain("left out on there: storm");
  expect(resolve(trial, [place]).plan!.phases.map(({ storm }) => storm !== undefined)).toEqual([false, true, false]);
  expect(resolve(made({ cluster: [place, there], phases: [one("storm", { on: place, ...lost })] }), [there]).problems.map(({ code }) => code)).toEqual(["SEA_NO_PHASES"]);
});
