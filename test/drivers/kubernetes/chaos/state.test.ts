import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOlder, versionOf } from "../../../../drivers/kubernetes/chaos/life/installed.ts";
import { stateOf } from "../../../../drivers/kubernetes/chaos/life/state.ts";
import type { ChaosThing } from "../../../../drivers/kubernetes/chaos/life/words.ts";
import { choose, mostOf } from "../../../../drivers/kubernetes/chaos/select/choose.ts";
import { labelText } from "../../../../drivers/kubernetes/chaos/select/pods.ts";
import { seeded } from "../../../../src/units/random.ts";

interface Told {
  readonly phase: string;
  readonly injectedCount: number;
  readonly recoveredCount: number;
  readonly events?: readonly object[];
}
const thing = (records: readonly Told[], desiredPhase = "Run", conditions: readonly object[] = []) =>
  ({
    apiVersion: "chaos-mesh.org/v1alpha1", kind: "NetworkChaos", metadata: { name: "a", namespace: "shop" }, spec: {},
    status: { conditions, experiment: { desiredPhase, containerRecords: records.map((record, index) => ({ id: `shop/pod-${index}`, selectorKey: ".", ...record })) } },
  }) as unknown as ChaosThing;

const pending = { phase: "Not Injected", injectedCount: 0, recoveredCount: 0 };
const injected = { phase: "Injected", injectedCount: 1, recoveredCount: 0 };
const over = { phase: "Not Injected", injectedCount: 1, recoveredCount: 1 };

describe("what a status proves", () => {
  test.each([
    ["nothing selected", [], false, false],
    ["none reached", [pending, pending], false, false],
    ["one of two reached", [injected, pending], false, false],
    ["both reached", [injected, injected], true, false],
    ["one of two let go", [over, injected], true, false],
    ["both let go", [over, over], true, true],
    ["let go, and injected again", [{ phase: "Injected", injectedCount: 2, recoveredCount: 1 }], true, false],
    ["half way out", [{ phase: "Injected/Wait", injectedCount: 1, recoveredCount: 0 }], true, false],
  ])("%s", (_, records, struck, isOver) => expect(stateOf(thing(records))).toMatchObject({ struck, over: isOver }));

  test("AllRecovered is not believed: it is true of what was never injected", () => {
    expect(stateOf(thing([pending], "Stop", [{ type: "AllRecovered", status: "True" }]))).toMatchObject({ over: false, stopping: true });
  });

  test("an object that its controller has not seen yet proves nothing", () => {
    expect(stateOf({ ...thing([]), status: undefined } as unknown as ChaosThing)).toMatchObject({ struck: false, over: false, stopping: false, marks: [] });
  });

  test("trouble is the last word, and past with the next success", () => {
    const failed = { type: "Failed", operation: "Apply", message: "no daemon" };
    expect(stateOf(thing([{ ...pending, events: [failed] }])).marks[0]!.trouble).toEqual({ act: "inject", why: "no daemon" });
    expect(stateOf(thing([{ ...injected, events: [failed, { type: "Succeeded", operation: "Apply" }] }])).marks[0]!.trouble).toBeUndefined();
    expect(stateOf(thing([{ ...injected, events: [{ type: "Failed", operation: "Recover", message: "gone" }] }])).marks[0]!.trouble).toEqual({ act: "recover", why: "gone" });
  });
});

describe("which version runs", () => {
  const controller = (image: string, version?: string) => ({ metadata: { name: "c", labels: version === undefined ? {} : { "app.kubernetes.io/version": version } }, spec: { template: { spec: { containers: [{ image }] } } } }) as never;
  test.each([
    ["ghcr.io/chaos-mesh/chaos-mesh:v2.8.2", undefined, "2.8.2"],
    ["registry:5000/chaos-mesh@sha256:0", "2.8.3", "2.8.3"],
    ["chaos-mesh:latest", undefined, undefined],
    ["mirror/chaos-mesh:2.10.0", "1.0.0", "2.10.0"],
  ])("%s labelled %s: %s", (image, label, version) => expect(versionOf(controller(image, label))).toBe(version));
  test.each([["2.8.2", true], ["2.8.3", false], ["2.10.0", false], ["1.9.9", true], ["3.0.0", false]])("%s is older than 2.8.3: %s", (version, older) => expect(isOlder(version, "2.8.3")).toBe(older));
});

describe("choosing", () => {
  const pods = Array.from({ length: 10 }, (_, index) => `pod-${index}`);
  test("takes as many as the mode says, shares rounded up", () => {
    const taken = (mode: string, value?: string) => choose(pods, { mode, value }, seeded(1))?.length;
    expect([taken("one"), taken("all"), taken("fixed", "3"), taken("fixed", "11"), taken("fixed-percent", "25"), taken("fixed-percent", "1")]).toEqual([1, 10, 3, undefined, 3, 1]);
    expect(choose([], { mode: "all" }, seeded(1))).toBeUndefined();
  });
  test("never takes more than the consent was told, and the same for the same seed", () => fc.assert(fc.property(fc.constantFrom("one", "all", "fixed", "fixed-percent", "random-max-percent"), fc.integer({ min: 1, max: 10 }), fc.nat(), (mode, count, seed) => {
    const amount = { mode, value: String(count) };
    const chosen = choose(pods, amount, seeded(seed))!;
    const most = mostOf(amount);
    expect(chosen.length).toBeLessThanOrEqual(typeof most === "number" ? most : Math.ceil((pods.length * Number(most.slice(0, -1))) / 100));
    expect(new Set(chosen).size).toBe(chosen.length);
    expect(choose(pods, amount, seeded(seed))).toEqual(chosen);
  })));
});

test("a selector's labels as the API server reads them", () => {
  expect(labelText({})).toBeUndefined();
  expect(labelText({
    labelSelectors: { app: "shop", tier: "web" },
    expressionSelectors: [{ key: "zone", operator: "In", values: ["a", "b"] }, { key: "kind", operator: "NotIn", values: ["test"] }, { key: "live", operator: "Exists" }, { key: "old", operator: "DoesNotExist" }],
  })).toBe("app=shop,tier=web,zone in (a,b),kind notin (test),live,!old");
});
