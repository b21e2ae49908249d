/** docs/locust.md, "Tasks": weights, sequences, nesting, tags and hooks inside one user. */
import { describe, expect } from "vitest";
import { constant, journey, judge, times, users } from "../../../src/index.ts";
import { select } from "../../../src/plan/select.ts";
import { paceOf, rope } from "../../play/stage.ts";
import { causes, row, touching, trial, walked } from "../sea.ts";

const line = rope();

row("@task(3)", async () => {
  const done = { look: 0, buy: 0 };
  const walk = journey({ line }, async ({ line }, user) => {
    done[user.pick({ look: 3, buy: 1 })]++;
    await line.touch(10);
  });
  await walked(trial({ walk }, [{ load: { walk: times(4_000, { users: 40 }) } }]));
  // Uniform with replacement, as Locust draws: 3,000 and 1,000, with a deviation of 27.
  expect(done.look + done.buy).toBe(4_000);
  expect(Math.abs(done.look - 3_000)).toBeLessThan(110);
});

row("class Checkout(SequentialTaskSet)", async () => {
  const order: string[] = [];
  const walk = journey({ line }, async ({ line }, user) => {
    for (const task of ["cart", "address", "pay"]) {
      order.push(task);
      await line.touch(10);
      await user.think("1s");
    }
  });
  await walked(trial({ walk }, [{ load: { walk: times(2) } }]));
  expect(order).toEqual(["cart", "address", "pay", "cart", "address", "pay"]);
});

row("class Forum(TaskSet) with self.interrupt()", async () => {
  const log: string[] = [];
  const walk = journey({ line }, async ({ line }, user) => {
    const forum = async () => {
      log.push("in");
      while (!user.leaving) {
        const task = user.pick({ read: 4, leave: 1 });
        if (task === "leave") return void log.push("out");
        log.push(task);
        await line.touch(10);
      }
    };
    if (user.pick({ home: 1, forum: 1 }) === "forum") await forum();
    else log.push("home");
    await line.touch(10);
  });
  await walked(trial({ walk }, [{ load: { walk: times(300) } }]));
  const count = (what: string) => log.filter((one) => one === what).length;
  expect(count("in")).toBe(count("out"));
  expect(count("home") + count("in")).toBe(300);
  // Four reads to one leave: a visit reads four times on average.
  expect(count("read") / count("in")).toBeGreaterThan(3);
  expect(count("read") / count("in")).toBeLessThan(5);
  expect(log.join(" ")).not.toMatch(/out read/);

  // A visit that would never end does so with the run, and nothing is cut.
  const endless = journey({ line }, async ({ line }, user) => {
    while (!user.leaving) await line.touch(1_000);
  });
  const { view, end } = await walked(trial({ endless }, [{ for: "10s", load: { endless: users(3) } }]));
  expect([paceOf(view, "endless"), end.t]).toEqual([expect.objectContaining({ ended: 3, cut: 0 }), 10_000]);
});

row("class Site(MarkovTaskSet)", async () => {
  const next = { home: { list: 1 }, list: { item: 2, home: 1 }, item: { list: 1 } } as const;
  const seen: string[] = [];
  const walk = journey({ line }, async ({ line }, user) => {
    let page: keyof typeof next = "home";
    for (let n = 0; n < 30; n++) {
      seen.push(page);
      await line.touch(10);
      page = user.pick<keyof typeof next>(next[page] as Record<keyof typeof next, number>);
    }
  });
  await walked(trial({ walk }, [{ load: { walk: times(50) } }]));
  const moves = new Set(seen.slice(1).map((page, index) => `${seen[index]} ${page}`));
  expect([...moves].sort()).toEqual(["home list", "item home", "item list", "list home", "list item"].filter((move) => moves.has(move)).sort());
  const count = (page: string) => seen.filter((one) => one === page).length;
  expect(count("item") / count("list")).toBeGreaterThan(0.55);
  expect(count("item") / count("list")).toBeLessThan(0.75);
});

row("on_start of a TaskSet", async () => {
  const log: string[] = [];
  const walk = journey({ line }, async ({ line }) => {
    log.push("enter");
    try {
      await line.touch(10, "refused");
    } finally {
      log.push("leave");
    }
  });
  await walked(trial({ walk }, [{ load: { walk: times(2) } }]));
  expect(log).toEqual(["enter", "leave", "enter", "leave"]);
});

row("on_start, on_stop", async () => {
  const log: string[] = [];
  const walk = journey({ line }, async ({ line }, user, token: string) => {
    log.push(`walk ${user.walk} with ${token}`);
    await line.touch(1_000);
  }, { start: async (_, user) => `token ${user.id}`, stop: async (_, user, token) => void log.push(`stop ${user.id} with ${token}`), wait: constant("1s") });
  await walked(trial({ walk }, [{ for: "3s", load: { walk: users(1) } }]));
  expect(log).toEqual(["walk 0 with token 0", "walk 1 with token 0", "stop 0 with token 0"]);
});

row("an exception in a task", async () => {
  const walk = journey({ line }, async ({ line }, user) => {
    await line.touch(10);
    if (user.walk === 1) throw new TypeError("no such page");
  }, { wait: constant("1s") });
  const played = await walked(trial({ walk }, [{ for: "5s", load: { walk: users(1) } }], { budget: { walk: { errors: "0%" } } }));
  // The user is told of, waits, and goes on.
  expect(causes(played)).toEqual(["crash: TypeError: no such page 1"]);
  expect(played.view.tally({ type: "walk" })).toMatchObject({ ok: 4, refused: 1 });
  expect(judge(played.view).grade).toBe("fail");
});

row("raise StopTest", async () => {
  const walk = journey({ line }, ({ line }, user) => line.touch(100, user.walk === 20 ? "refused" : "ok"));
  const { stopQuestion } = await import("../../../src/judge/index.ts");
  const { ViewBuilder } = await import("../../../src/ledger/gather.ts");
  const builder = new ViewBuilder();
  const { end } = await walked(trial({ walk }, [{ for: "1h", load: { walk: users(1) } }], { budget: { walk: { errors: "0%", abort: true } } }), {
    write: (line) => builder.add(JSON.parse(JSON.stringify(line))),
    stopQuestion: () => stopQuestion(builder.view()!),
  });
  expect(end.how).toBe("aborted");
  expect(end.t).toBeLessThan(5_000);
});

describe("tags", () => {
  const journeys = { browse: touching(1, { tags: ["quick"] }), buy: touching(1, { tags: ["quick", "money"] }), sync: touching(1) };
  const whole = trial(journeys, [{ for: "1s", load: { browse: users(1), buy: users(1), sync: users(1) } }]);
  const left = (selection: Parameters<typeof select>[1]) => Object.keys(select(whole, selection).phases[0]!.load);

  row("--tags quick", async () => {
    expect(left({ tags: ["quick"] })).toEqual(["browse", "buy"]);
  });

  row("--exclude-tags money", async () => {
    expect(left({ exclude: ["money"] })).toEqual(["browse", "sync"]);
    expect(left({ tags: ["quick"], exclude: ["money"] })).toEqual(["browse"]);
  });
});
