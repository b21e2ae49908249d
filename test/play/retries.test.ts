/** Walks that fail are walked again: what counts, what is kept, and who walks. */
import { describe, expect, test } from "vitest";
import { journey, judge, scenario, times, users, type Outcome } from "../../src/index.ts";
import { countedWalks } from "../../src/ledger/walks.ts";
import { paceOf, rope, staged, type Stage } from "./stage.ts";

type Say = (attempt: number, walk: number) => Outcome;

/** `count` walks of one touch each; what the n-th attempt of a walk comes to is said by `outcome`. */
async function played(outcome: Say, regression: Stage["regression"], { count = 1, ...more }: { readonly count?: number; readonly users?: number; readonly each?: boolean } = {}, stage: Stage = {}) {
  const driver = rope();
  const ids: number[] = [];
  const tries = new Map<number, number>();
  let walk = -1;
  let open = true;
  const buy = journey({ driver }, async ({ driver }, user) => {
    if (open) walk += 1;
    const attempt = tries.get(walk) ?? 0;
    tries.set(walk, attempt + 1);
    ids.push(user.id);
    const came = outcome(attempt, walk);
    open = came === "ok" || attempt === (regression?.retries ?? 0);
    await driver.touch(100, came, "pay");
    user.check("has paid", true);
  });
  const played = await staged(scenario({ name: "regression", journeys: { buy }, phases: [{ name: "all", load: { buy: times(count, more) } }], budget: { buy: { errors: "0%", walk: { errors: "0%" } } } }), { ...stage, ...(regression && { regression }) });
  return { ...played, ids, driver, verdict: judge(played.view), walks: countedWalks(played.view) };
}

test("a walk that passes on its second attempt is flaky, and in no budget on errors", async () => {
  const { view, verdict, walks, ids, driver } = await played((attempt) => (attempt === 0 ? "refused" : "ok"), { retries: 2 });
  expect(walks.map(({ result, attempts }) => [result, attempts.map((one) => [one.attempt, one.outcome, one.again ?? false, one.user])])).toEqual([["flaky", [[0, "refused", true, 0], [1, "ok", false, 1]]]]);
  expect(verdict.grade).toBe("pass");
  expect(verdict.findings.find(({ id }) => id === "all / buy / flaky")).toMatchObject({ grade: "pass", observed: "1 walk passed only when walked again: #1" });
  const { ok, refused } = view.tally({ journey: "buy" });
  expect([ok, refused]).toEqual([1, 0]);
  expect(view.tally({ journey: "buy", step: "pay" }).count).toBe(1);
  expect(paceOf(view, "buy")).toMatchObject({ starts: 1, ended: 1, cut: 0, dropped: 0 });
  // By a fresh user, with sessions of its own.
  expect(ids).toEqual([0, 1]);
  expect([driver.opened, driver.closed]).toEqual([2, 2]);
});

test("nothing of the first attempt is lost: its touches, its cause and the failure as it was", async () => {
  const { view, walks } = await played((attempt) => (attempt === 0 ? "refused" : "ok"), { retries: 1 });
  expect(view.tally({ journey: "buy", type: "retried", step: "pay" })).toMatchObject({ ok: 0, refused: 1 });
  expect(view.failures).toEqual([{ phase: 0, journey: "buy", step: "pay", cause: "refused", count: 1, retried: true }]);
  expect(view.examples).toMatchObject([{ step: "pay", cause: "refused", request: "pay", retried: true, user: 0 }]);
  expect(walks[0]!.attempts[0]!.failures).toEqual([{ step: "pay", cause: "refused", request: "pay" }]);
});

test("a flaky walk fails a run that asked for it", async () => {
  const { verdict } = await played((attempt) => (attempt === 0 ? "refused" : "ok"), { retries: 1, failOnFlaky: true });
  expect(verdict.grade).toBe("fail");
  expect(verdict.findings.filter(({ grade }) => grade === "fail").map(({ id }) => id)).toEqual(["all / buy / flaky"]);
});

test("a walk that fails each time has failed, and only its last attempt counts", async () => {
  const { view, verdict, walks } = await played(() => "refused", { retries: 2 });
  expect(walks).toMatchObject([{ result: "failed", attempts: [{ again: true }, { again: true }, {}] }]);
  expect(verdict.grade).toBe("fail");
  expect(view.tally({ journey: "buy" }).refused).toBe(1);
  expect(view.tally({ journey: "buy", type: "retried", step: "pay" }).refused).toBe(2);
  expect(paceOf(view, "buy")).toMatchObject({ starts: 1, ended: 1 });
});

test("only walks that failed are walked again, and the fresh user walks on", async () => {
  const { walks, ids } = await played((attempt, walk) => (walk === 1 && attempt === 0 ? "unsure" : "ok"), { retries: 3 }, { count: 4 });
  expect(walks.map(({ walk, result }) => [walk, result])).toEqual([[0, "passed"], [1, "flaky"], [2, "passed"], [3, "passed"]]);
  expect(ids).toEqual([0, 0, 1, 1, 1]);
});

test("without retries each counted walk has its line, and nothing is held back", async () => {
  const { walks, view } = await played((_, walk) => (walk === 2 ? "refused" : "ok"), undefined, { count: 3 });
  expect(walks.map(({ walk, result }) => [walk, result])).toEqual([[0, "passed"], [1, "passed"], [2, "failed"]]);
  expect(view.failures).toEqual([{ phase: 0, journey: "buy", step: "pay", cause: "refused", count: 1 }]);
});

test("a crash and a check of a walk that passed later do not count, and are told", async () => {
  let n = 0;
  const driver = rope();
  const buy = journey({ driver }, async ({ driver }, user) => {
    n += 1;
    await driver.touch(10);
    if (n === 1) throw new TypeError("no such thing");
    if (n === 2) user.must("is paid", false);
  });
  const { view } = await staged(scenario({ name: "crash", journeys: { buy }, phases: [{ name: "all", load: { buy: times(1) } }], budget: { buy: { errors: "0%" } } }), { regression: { retries: 2 } });
  expect(judge(view).grade).toBe("pass");
  const [walk] = countedWalks(view);
  expect(walk!.result).toBe("flaky");
  expect(walk!.attempts.map(({ failures = [] }) => failures.map(({ cause }) => cause))).toEqual([["crash: TypeError: no such thing"], ["check: is paid"], []]);
});

test("a walk that is cut is not walked again", async () => {
  const never = new AbortController();
  const { walks, view } = await played(() => "ok", { retries: 3 }, { count: 2 }, { stop: AbortSignal.abort(), halt: never.signal });
  expect(walks).toEqual([]);
  expect(paceOf(view, "buy").starts).toBe(0);
});

test("many users side by side: each walk has one number, and one that fails is made up for by itself", async () => {
  let n = 0;
  const driver = rope();
  const buy = journey({ driver }, async ({ driver }, user) => driver.touch(user.random.between(10, 200), n++ % 3 === 0 ? "refused" : "ok"));
  const { view } = await staged(scenario({ name: "many", journeys: { buy }, phases: [{ name: "all", load: { buy: times(5, { users: 7, each: true }) } }], budget: { buy: { errors: "0%" } } }), { regression: { retries: 20 } });
  const walks = countedWalks(view);
  expect(walks.map(({ walk }) => walk)).toEqual(Array.from({ length: 35 }, (_, i) => i));
  expect(walks.every(({ result }) => result === "passed" || result === "flaky")).toBe(true);
  expect(view.tally({ journey: "buy" })).toMatchObject({ ok: 35, refused: 0 });
  expect(paceOf(view, "buy")).toMatchObject({ starts: 35, ended: 35, dropped: 0 });
});

test("a walk that did too much to be held back counts as it is", async () => {
  const driver = rope();
  const buy = journey({ driver }, async ({ driver }) => {
    for (let n = 0; n < 6_000; n++) await driver.touch(0);
    await driver.touch(1, "refused");
  });
  const { view } = await staged(scenario({ name: "long", journeys: { buy }, phases: [{ name: "all", load: { buy: times(1) } }], budget: { buy: { errors: "0%" } } }), { regression: { retries: 2 } });
  expect(view.tally({ journey: "buy" })).toMatchObject({ ok: 6_000, refused: 1 });
  expect(countedWalks(view)).toMatchObject([{ result: "failed", attempts: [{ attempt: 0 }] }]);
});

describe("what has no single walks", () => {
  test("an open pace is refused, with its place", async () => {
    const buy = journey({ driver: rope() }, async () => undefined);
    const open = scenario({ name: "open", journeys: { buy }, phases: [{ name: "peak", for: "1s", load: { buy: users(2) } }] });
    await expect(staged(open, { regression: { retries: 1 } })).rejects.toMatchObject({ code: "SEA_NOT_COUNTED", place: 'phases[0] "peak".load.buy' });
  });
});
