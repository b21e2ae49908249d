import { describe, expect, test } from "vitest";
import { arrivals, journey, scenario, type Fault, type MayLose, type Target } from "../../src/index.ts";
import type { StormLine } from "../../src/ledger/lines.ts";
import type { Guard, Intent } from "../../src/model/consent.ts";
import { sim, virtualClock } from "../../src/sim/index.ts";
import { problem, type SeatrialError } from "../../src/units/errors.ts";
import { seeded } from "../../src/units/random.ts";
import { rope, staged } from "./stage.ts";

const line = rope();
const walk = journey({ line }, ({ line }) => line.touch(20));

/** A guard that objects as it is told, and remembers what it was asked. */
function guarding(more: { readonly closed?: readonly SeatrialError[]; readonly against?: readonly SeatrialError[]; readonly signs?: readonly string[] } = {}): Guard & { asked: Intent[] } {
  const asked: Intent[] = [];
  return {
    asked,
    signs: async () => more.signs ?? [],
    closed: async () => more.closed ?? [],
    against: async (intent) => (asked.push(intent), more.against ?? []),
  };
}

async function harmed(targets: readonly Target[], mayLose: MayLose, guard?: Guard) {
  const clock = virtualClock();
  const place = sim({ services: { shop: { replicas: 4 } }, mayLose });
  const cluster = { ...(await clock.run(() => place.open({ clock, random: seeded(1), signal: new AbortController().signal, run: "run", folder: undefined, say: () => undefined }))), ...(guard && { guard }) };
  let injected = false;
  const fault: Fault = {
    kind: "flag", harm: "raises a flag", mendedBy: { platform: true } as Fault["mendedBy"], costs: [],
    aim: async () => ({ targets }),
    inject: async () => void (injected = true),
    recovered: async () => false,
    heal: async () => true,
  };
  const { lines } = await staged(
    scenario({ name: "t", journeys: { walk }, cluster: place, phases: [{ name: "storm", load: { walk: arrivals("1/s") }, fault: fault as never, recover: { by: "platform", within: "1s" } as never }] }),
    { clock, cluster, mayLose },
  );
  const storms = lines.filter((one): one is StormLine => one.k === "storm");
  return { injected, error: storms.find(({ step }) => step === "error" && !injected)?.error, owed: storms.some(({ step }) => step === "aim"), says: lines.flatMap((one) => (one.k === "say" ? [one.text] : [])) };
}

describe("in front of every inject", () => {
  const pod: Target = { what: "pod", name: "nobody" };
  test.each<[string, Target[], MayLose, RegExp | undefined]>([
    ["a workload that is named", [{ what: "workload", name: "shop" }], { workloads: ["shop"] }, undefined],
    ["a workload that is not", [{ what: "workload", name: "shop" }], { workloads: ["cart"] }, /SEA_NOT_ALLOWED.*workload shop/],
    ["a namespace that is not", [{ what: "namespace", name: "shop" }], { pods: "100%", nodes: 9 }, /SEA_NOT_ALLOWED.*namespace shop/],
    ["an object that is not", [{ what: "object", name: "secret/db" }], { objects: ["secret/cache"] }, /SEA_NOT_ALLOWED.*object secret\/db/],
    ["more nodes than their share", [{ what: "node", name: "workers-1" }, { what: "node", name: "workers-2" }], { nodes: "50%" }, /SEA_NOT_ALLOWED.*2 of 3 nodes/],
    ["as many nodes as their share", [{ what: "node", name: "workers-1" }], { nodes: { count: 2, share: "50%" } }, undefined],
    ["a node twice", [{ what: "node", name: "workers-1" }, { what: "node", name: "workers-1" }], { nodes: 1 }, undefined],
    ["pods where none may be lost", [pod], { nodes: 1 }, /SEA_NOT_ALLOWED.*1 pods/],
  ])("%s", async (_, targets, may, expected) => {
    const { injected, error, owed } = await harmed(targets, may);
    expect(injected).toBe(expected === undefined);
    expect(owed).toBe(expected === undefined);
    if (expected) expect(error).toMatch(expected);
  });

  test("a guard is asked with the targets, and what it has against them keeps the harm away, and the undo record", async () => {
    const guard = guarding({ against: [problem("SEA_AIM_EMPTY", { fault: "flag", what: "this one is precious" })] });
    const { injected, error, owed } = await harmed([{ what: "node", name: "workers-1" }], { nodes: 1 }, guard);
    expect({ injected, owed }).toEqual({ injected: false, owed: false });
    expect(error).toContain("this one is precious");
    expect(guard.asked).toEqual([expect.objectContaining({ fault: "flag", targets: [{ what: "node", name: "workers-1" }] })]);
  });

  test("a guard that is closed lets nothing through", async () => {
    const { injected, error } = await harmed([], {}, guarding({ closed: [problem("SEA_NO_CONSENT", { cluster: "x" })] }));
    expect(injected).toBe(false);
    expect(error).toContain("SEA_NO_CONSENT");
  });

  test("what looks like production is said aloud before it is harmed", async () => {
    const { injected, says } = await harmed([], {}, guarding({ signs: ["namespace shop has env=prod"] }));
    expect(injected).toBe(true);
    expect(says.join("\n")).toMatch(/looks like production \(namespace shop has env=prod\)/);
  });
});
