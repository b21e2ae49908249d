import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { rows, type Feeder } from "../../src/index.ts";
import { Feeds } from "../../src/play/feeds.ts";
import { SharedTurns } from "../../src/play/turns.ts";
import { seeded } from "../../src/units/random.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const random = seeded(1);

/** Desks as workers have them: the same feeder, read by each for itself. */
function desks(count: number, order: "sequential" | "shuffled" | "unique" | "random", length: number) {
  const memory = SharedTurns.memory();
  const { serial } = rows([]);
  const feeder = (): Feeder<number> => ({ name: "rows", order, rows: async () => numbers(length), ...(serial !== undefined && { serial }) });
  return numbers(count).map((index) => {
    const feeds = new Feeds(random.fork("feeds"), new SharedTurns(memory));
    const own = feeder();
    return (user: string | number) => feeds.next(own, `walk ${user}`, random.fork("user", index, user));
  });
}

describe("feeders of several workers", () => {
  test.each(["sequential", "shuffled"] as const)("%s rows go round in one order", async (order) => {
    const takers = desks(3, order, 10);
    const taken: number[] = [];
    for (let n = 0; n < 40; n++) taken.push(await takers[n % 3]!(n));
    expect(taken.slice(0, 10)).toEqual(taken.slice(30));
    expect([...taken.slice(0, 10)].sort((a, b) => a - b)).toEqual(numbers(10));
    if (order === "sequential") expect(taken.slice(0, 10)).toEqual(numbers(10));
    else expect(taken.slice(0, 10)).not.toEqual(numbers(10));
  });

  test("unique rows are each had by one user, who keeps it; then there are none", async () => {
    const takers = desks(3, "unique", 9);
    const first = await Promise.all(numbers(9).map((user) => takers[user % 3]!(user)));
    expect([...first].sort((a, b) => a - b)).toEqual(numbers(9));
    expect(await Promise.all(numbers(9).map((user) => takers[user % 3]!(user)))).toEqual(first);
    for (let n = 0; n < 20; n++) await expect(takers[n % 3]!("late")).rejects.toMatchObject({ code: "SEA_FEED_EMPTY" });
    expect(await takers[0]!(0)).toBe(first[0]);
  });

  test("that are asked on and on for what is not there do not begin anew", async () => {
    const memory = SharedTurns.memory();
    new Int32Array(memory).fill(0x7fff_fffe, 0, 512);
    const turn = new SharedTurns(memory).of({ name: "rows", order: "unique", rows: async () => [], serial: 3 }, 10, random);
    expect(numbers(9).map(() => turn.takeBelow(10))).toEqual(numbers(9).map(() => undefined));
  });

  test("that read another number of rows are told", async () => {
    const memory = SharedTurns.memory();
    const turns = new SharedTurns(memory);
    const feeder = { name: "people.csv", order: "unique", rows: async () => [], serial: 3 } as const;
    turns.of(feeder, 10, random);
    turns.of(feeder, 10, random);
    expect(() => new SharedTurns(memory).of(feeder, 11, random)).toThrow(/people\.csv has 11 rows in this worker and 10 in another/);
  });

  test("two of them do not mix, also where they look the same; one that is written by hand is known by its name", async () => {
    const memory = SharedTurns.memory();
    const [a, b] = [rows(numbers(5), { order: "unique" }), rows(numbers(5), { order: "unique" })];
    const hand = (): Feeder<number> => ({ name: "by hand", order: "unique", rows: async () => numbers(5) });
    const [one, other] = [0, 1].map(() => new Feeds(random, new SharedTurns(memory))) as [Feeds, Feeds];
    expect([await one.next(a, "1", random), await one.next(b, "1", random), await other.next(a, "2", random), await other.next(b, "2", random)]).toEqual([0, 0, 1, 1]);
    expect([await one.next(hand(), "1", random), await other.next(hand(), "2", random)]).toEqual([0, 1]);
  });
});

test("threads that take at the same time never take the same row", async () => {
  const memory = SharedTurns.memory();
  const program = `
    import { parentPort, workerData } from "node:worker_threads";
    const { SharedTurns } = await import(workerData.turns);
    const { seeded } = await import(workerData.random);
    const turn = new SharedTurns(workerData.memory).of({ name: "rows", order: "unique", serial: 1 }, workerData.rows, seeded(1));
    const taken = [];
    const gate = new Int32Array(workerData.gate);
    Atomics.add(gate, 0, 1);
    while (Atomics.load(gate, 0) < 3);
    for (let row; (row = turn.takeBelow(workerData.rows)) !== undefined; ) taken.push(row);
    parentPort.postMessage(taken);
  `;
  const rowCount = 400_000;
  const workerData = { memory, gate: new SharedArrayBuffer(4), rows: rowCount, turns: new URL("../../src/play/turns.ts", import.meta.url).href, random: new URL("../../src/units/random.ts", import.meta.url).href };
  const taken = await Promise.all(numbers(3).map(() => new Promise<number[]>((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData });
    worker.once("message", resolve).once("error", reject);
  })));
  const all = taken.flat();
  expect(all.length).toBe(rowCount);
  expect(new Set(all).size).toBe(rowCount);
});
