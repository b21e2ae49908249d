import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBroken, labelOf, readRecord, recordName, recordThing } from "../../../../drivers/kubernetes/undo/record.ts";
import type { Debt } from "../../../../src/model/cluster.ts";
import type { Thing } from "../../../../drivers/kubernetes/api/api.ts";

const debt: Debt = {
  id: "20260131-142530-9f3a/2", run: "20260131-142530-9f3a", fault: "pod-loss", deadlineMs: 1_769_869_530_000,
  aim: { targets: [{ what: "pod", name: "shop-1" }, { what: "pod", name: "cart-1", namespace: "cart" }], wanted: 3 },
};
const where = { namespace: "shop", place: { context: "staging", namespaces: ["shop"] }, context: "staging" };
const written = (given: Debt, resourceVersion = "17"): Thing => {
  const thing = recordThing(given, where);
  return { ...thing, metadata: { ...thing.metadata, resourceVersion } };
};

describe("a record", () => {
  test("reads as it was written, with the place and the order in which it came", () => {
    expect(readRecord(written(debt))).toEqual({ ...debt, namespace: "shop", place: where.place, written: 17n });
  });

  test("reads as it was written whatever the debt", () => {
    fc.assert(
      fc.property(fc.record({ id: fc.string(), run: fc.string(), fault: fc.string(), aim: fc.jsonValue({ noUnicodeString: false }), deadlineMs: fc.integer({ min: 0, max: 4e12 }) }), (any) => {
        const plain = JSON.parse(JSON.stringify({ ...any, aim: any.aim ?? {} })) as Debt;
        expect(readRecord(written(plain))).toMatchObject(plain as object);
      }),
    );
  });

  test("tells a person with kubectl what it is, what is harmed, and what to type", () => {
    const { readme, targets, deadline } = recordThing(debt, where)["data"] as Record<string, string>;
    expect(readme).toContain("seatrial heal --on staging --run 20260131-142530-9f3a");
    expect(targets).toBe("pod shop-1\npod cart/cart-1");
    expect(deadline).toBe("2026-01-31T14:25:30.000Z");
  });

  test("of many targets names fifty, and counts the others", () => {
    const targets = Array.from({ length: 1_000 }, (_, index) => ({ what: "pod", name: `p${index}` }));
    const lines = (recordThing({ ...debt, aim: { targets } }, where)["data"] as Record<string, string>)["targets"]!.split("\n");
    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toBe("and 950 more");
  });

  test("that the server would not take is refused before the harm", () => {
    expect(() => recordThing({ ...debt, aim: { original: "x".repeat(900_000) } }, where)).toThrow(expect.objectContaining({ code: "SEA_UNDO_SIZE" }));
    expect(recordThing({ ...debt, aim: { original: "x".repeat(890_000) } }, where)).toBeDefined();
  });

  test.each<[string, (thing: Thing) => Thing]>([
    ["no data", ({ data: _, ...rest }) => rest as Thing],
    ["what is no JSON", (thing) => ({ ...thing, data: { record: "{" } })],
    ["nothing", (thing) => ({ ...thing, data: { record: "null" } })],
    ["a field too few", (thing) => ({ ...thing, data: { record: JSON.stringify({ ...debt, fault: undefined }) } })],
    ["another's name", (thing) => ({ ...thing, metadata: { ...thing.metadata, name: "copy" } })],
  ])("with %s is broken, and says of which run it is", (_, spoil) => {
    const read = readRecord(spoil(written(debt)));
    expect(isBroken(read)).toBe(true);
    expect(read).toMatchObject({ namespace: "shop", run: debt.run, why: expect.stringMatching(/./) });
  });
});

describe("names and labels", () => {
  const name = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
  const label = /^([A-Za-z0-9]([\w.-]*[A-Za-z0-9])?)?$/;

  test("are ones that the server takes, whatever the id", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (id) => {
        expect(recordName(id)).toMatch(name);
        expect(recordName(id).length).toBeLessThanOrEqual(253);
        expect(labelOf(id)).toMatch(label);
        expect(labelOf(id).length).toBeLessThanOrEqual(63);
      }),
    );
  });

  test("of different ids differ", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => void (a !== b && expect(recordName(a)).not.toBe(recordName(b)))));
    expect(recordName("run/1")).not.toBe(recordName("run-1"));
  });

  test("of a run is its label as it is", () => expect(labelOf(debt.run)).toBe(debt.run));
});
