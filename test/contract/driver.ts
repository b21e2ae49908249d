import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Mask } from "../../src/mask/mask.ts";
import type { Driver, OpenContext } from "../../src/model/driver.ts";
import { cutCause, TouchFailed, type Failure, type Outcome } from "../../src/model/op.ts";
import { realClock } from "../../src/units/clock.ts";
import { seeded } from "../../src/units/random.ts";

/** One driver with a world to touch; made anew for every test. */
export interface DriverBench<Session> {
  readonly driver: Driver<Session>;
  /** What `open` needs beside the usual: the simulated service, the cluster's addresses. */
  readonly context?: Partial<OpenContext>;
  /** How much the world has seen of the driver: connections, requests, processes. */
  seen(): number;
  /** Each of these is exactly one touch. */
  touchOk(session: Session): Promise<unknown>;
  touchRefused(session: Session): Promise<unknown>;
  /** Is seen by the world, and never answered. */
  touchHang(session: Session): Promise<unknown>;
  /** Makes the world give the session something to remember, as a sign-in does. */
  signIn(session: Session): Promise<unknown>;
  /** Asks the world whether it still knows the session. */
  isSignedIn(session: Session): Promise<boolean>;
  stop(): Promise<void>;
}

export interface RecordedOp {
  readonly step: string;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly outcome: Outcome;
  readonly failure: Failure | undefined;
}

/** A context as a user gets it, with what was recorded and a way to cut. */
export function userContext(overrides: Partial<OpenContext> = {}): { context: OpenContext; ops: RecordedOp[]; measures: { readonly name: string; readonly ms: number }[]; cut: () => void } {
  const ops: RecordedOp[] = [];
  const measures: { readonly name: string; readonly ms: number }[] = [];
  const cutter = new AbortController();
  const context: OpenContext = {
    record: {
      op: (step, beganMs, endedMs, outcome, failure) => void ops.push({ step, beganMs, endedMs, outcome, failure }),
      learned: (name, ms) => void measures.push({ name, ms }),
    },
    clock: realClock(),
    signal: cutter.signal,
    random: seeded(1),
    artifacts: { save: (name) => name },
    mask: new Mask(),
    say: () => {},
    service: () => undefined,
    simulated: undefined,
    ...overrides,
  };
  return { context, ops, measures, cut: () => cutter.abort() };
}

/** Waits until it is so; throws after ten seconds, with what it was instead: a browser takes two to begin on a busy machine. */
export async function until(what: string, isSo: () => boolean, instead = () => ""): Promise<void> {
  const clock = realClock();
  while (!isSo()) {
    if (clock.now() > 10_000) throw new Error(`never came: ${what} ${instead()}`);
    await clock.sleep(5);
  }
}

/** What the touch threw; fails the test when it did not. */
export async function failureOf(touch: Promise<unknown>): Promise<TouchFailed> {
  const error: unknown = await touch.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TouchFailed);
  return error as TouchFailed;
}

/** What keeps a process alive, apart from timers, which the test runner has of its own. */
const handles = (): string =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== "Timeout" && kind !== "Immediate")
    .sort()
    .join(" ");

/**
 * What every driver promises. A new driver is a folder plus one call of this:
 *
 * @example driverContract("http", async () => ({ driver: http({ base }), touchOk: (session) => session.get("/ok"), … }));
 */
export function driverContract<Session>(name: string, make: () => Promise<DriverBench<Session>>): void {
  describe(`driver contract: ${name}`, () => {
    let bench: DriverBench<Session>;
    const user = () => userContext(bench.context);
    let atRest: string;
    beforeEach(async () => {
      atRest = handles();
      bench = await make();
    });
    afterEach(async () => {
      await bench.stop();
      await until(`the handles from before the test (${atRest})`, () => handles() === atRest, handles);
    });

    test("a driver is a frozen value that touches nothing before open", async () => {
      expect(Object.isFrozen(bench.driver)).toBe(true);
      expect(bench.driver.kind).toMatch(/^[a-z][a-z0-9-]*$/);
      await realClock().sleep(20);
      expect(bench.seen()).toBe(0);
      const { context, ops } = user();
      const session = await bench.driver.open(context);
      expect(ops).toEqual([]);
      await bench.touchOk(session);
      expect(bench.seen()).toBeGreaterThan(0);
      await bench.driver.close(session);
    });

    test("a good touch is recorded once, with its times", async () => {
      const { context, ops } = user();
      const session = await bench.driver.open(context);
      const beforeMs = context.clock.now();
      await bench.touchOk(session);
      const afterMs = context.clock.now();
      expect(ops).toEqual([expect.objectContaining({ outcome: "ok", failure: undefined })]);
      const [{ step, beganMs, endedMs }] = ops as [RecordedOp];
      expect(step).not.toBe("");
      expect([beforeMs, beganMs, endedMs, afterMs]).toEqual([beforeMs, beganMs, endedMs, afterMs].toSorted((a, b) => a - b));
      await bench.touchOk(session);
      expect(ops).toHaveLength(2);
      await bench.driver.close(session);
      expect(ops).toHaveLength(2);
    });

    test("a refused touch is recorded once, then thrown", async () => {
      const { context, ops } = user();
      const session = await bench.driver.open(context);
      const thrown = await failureOf(bench.touchRefused(session));
      expect(thrown.outcome).toBe("refused");
      expect(thrown.failure.cause).not.toBe("");
      expect(ops).toEqual([expect.objectContaining({ outcome: "refused", failure: thrown.failure })]);
      expect(ops[0]!.beganMs).toBeLessThanOrEqual(ops[0]!.endedMs);
      await bench.touchOk(session);
      expect(ops.map(({ outcome }) => outcome)).toEqual(["refused", "ok"]);
      await bench.driver.close(session);
    });

    test("a cut ends a hanging touch within a second, and is recorded as one", async () => {
      const { context, ops, cut } = user();
      const session = await bench.driver.open(context);
      const seen = bench.seen();
      const hanging = failureOf(bench.touchHang(session));
      await until("the hanging touch", () => bench.seen() > seen);
      expect(ops).toEqual([]);
      const cutMs = context.clock.now();
      cut();
      const thrown = await hanging;
      expect(context.clock.now() - cutMs).toBeLessThan(1_000);
      expect(thrown.failure.cause).toBe(cutCause);
      expect(ops).toEqual([expect.objectContaining({ outcome: thrown.outcome, failure: thrown.failure })]);
      expect(ops[0]!.beganMs).toBeLessThanOrEqual(ops[0]!.endedMs);
      await bench.driver.close(session);
    });

    test("after a cut no touch reaches the world", async () => {
      const { context, ops, cut } = user();
      const session = await bench.driver.open(context);
      await bench.touchOk(session);
      const seen = bench.seen();
      cut();
      expect((await failureOf(bench.touchOk(session))).failure.cause).toBe(cutCause);
      expect(bench.seen()).toBe(seen);
      expect(ops).toHaveLength(2);
      await bench.driver.close(session);
    });

    test("two sessions share nothing", async () => {
      const [one, other] = [user(), user()];
      const [first, second] = [await bench.driver.open(one.context), await bench.driver.open(other.context)];
      await bench.signIn(first);
      expect(await bench.isSignedIn(first)).toBe(true);
      expect(await bench.isSignedIn(second)).toBe(false);
      expect([one.ops.length, other.ops.length]).toEqual([2, 1]);
      one.cut();
      await bench.touchOk(second);
      await bench.driver.close(first);
      await bench.touchOk(second);
      await bench.driver.close(second);
    });

    test("renew makes the session a new visitor's", async () => {
      const { context } = user();
      const session = await bench.driver.open(context);
      await bench.signIn(session);
      bench.driver.renew?.(session);
      // A driver without it says that its sessions never change hands.
      expect(await bench.isSignedIn(session)).toBe(bench.driver.renew === undefined);
      await bench.touchOk(session);
      await bench.driver.close(session);
    });

    test("close ends what is under way, can be said twice, and leaves nothing open", async () => {
      const before = handles();
      const { context, ops } = user();
      const session = await bench.driver.open(context);
      await bench.touchOk(session);
      const seen = bench.seen();
      const hanging = failureOf(bench.touchHang(session));
      await until("the hanging touch", () => bench.seen() > seen);
      const closeMs = context.clock.now();
      await Promise.all([bench.driver.close(session), bench.driver.close(session)]);
      expect((await hanging).failure.cause).toBe(cutCause);
      await bench.driver.close(session);
      expect(context.clock.now() - closeMs).toBeLessThan(5_000);
      expect(ops).toHaveLength(2);
      await until(`the handles of before (${before})`, () => handles() === before, handles);
    });
  });
}
