/** docs/k6.md, "The script": what a k6 script calls, as users see it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { csv, journey, judge, rows, setup, times, users } from "../../../src/index.ts";
import { stopQuestion } from "../../../src/judge/index.ts";
import { ViewBuilder } from "../../../src/ledger/gather.ts";
import { serve, sit } from "../../drivers/http/worlds.ts";
import { rope } from "../../play/stage.ts";
import { causes, row, shopped, steps, trial, walked } from "../sea.ts";

const line = rope();

row("setup(), teardown(data)", async () => {
  const log: string[] = [];
  const token = setup({}, async () => (log.push("setup"), { token: "abc" }), { teardown: async (_, data) => void log.push(`teardown ${data.token}`) });
  const walk = journey({ line }, async ({ line }, user) => {
    log.push(user.given(token).token);
    await line.touch(10);
  });
  const { view } = await walked(trial({ walk }, [{ load: { walk: times(3, { users: 3 }) } }], { setup: token }));
  expect(log).toEqual(["setup", "abc", "abc", "abc", "teardown abc"]);
  expect(view.tally().count).toBe(3);
});

row('setupTimeout: "60s"', async () => {
  const slow = setup({}, (_, { wait }) => wait("61s"));
  const walk = journey({ line }, ({ line }) => line.touch(1));
  const { end } = await walked(trial({ walk }, [{ load: { walk: times(1) } }], { setup: slow }));
  expect(end).toMatchObject({ how: "failed", t: 60_000 });
});

row("check(res, { … })", async () => {
  const played = await shopped(async (shop, user) => {
    const reply = await shop.get("/items");
    user.check("status is 200", reply.status === 200);
    user.check("has items", reply.json<unknown[]>().length > 0);
    await shop.get("/next");
  }, () => ({ body: [] }));
  // A failed check is counted and the iteration goes on; here it also makes its request a failure.
  expect(causes(played)).toEqual(["check: has items 1"]);
  expect(played.asked).toEqual(["GET /items", "GET /next"]);
});

row('group("buy", () => { … })', async () => {
  const played = await shopped((shop, user) => user.step("buy", async () => {
    await shop.get("/cart");
    await user.step("pay", () => shop.post("/orders"));
  }));
  expect(steps(played)).toEqual({ "buy › GET /cart": 1, "buy › pay › POST /orders": 1 });
  expect(played.view.tally({ type: "group", step: "buy" }).due.maxMs).toBe(20);
});

row('tags: { name: "/items/:id" }', async () => {
  const played = await shopped(async (shop) => {
    for (const id of [1, 2, 3]) await shop.get(`/items/${id}`, { name: "/items/:id" });
  });
  expect(steps(played)).toEqual({ "GET /items/:id": 3 });
});

row("sleep(1)", async () => {
  const played = await shopped(async (shop, user) => {
    await shop.get("/a");
    await user.think("1s");
    await shop.get("/b");
  });
  expect(played.end.t).toBe(1_020);
});

row("randomIntBetween(1, 3)", async () => {
  const seen = new Set<number>();
  await walked(trial({ walk: journey({ line }, async ({ line }, user) => {
    seen.add(user.random.int(1, 3));
    await line.touch(1);
  }) }, [{ load: { walk: times(60) } }]));
  expect([...seen].sort()).toEqual([1, 2, 3]);
});

row('fail("no id"), throw', async () => {
  const after: number[] = [];
  const walk = journey({ line }, async ({ line }, user) => {
    await line.touch(10);
    user.must("an id", user.walk !== 0);
    if (user.walk === 1) throw new Error("no id");
    after.push(user.walk);
  });
  const played = await walked(trial({ walk }, [{ load: { walk: times(3) } }], { budget: { walk: { errors: "0%" } } }));
  expect(after).toEqual([2]);
  expect(causes(played)).toEqual(["check: an id 1", "crash: Error: no id 1"]);
  // Iterations that throw do not fail a k6 run; here they do.
  expect(judge(played.view).grade).toBe("fail");
});

row("http.batch([…])", async () => {
  const played = await shopped((shop) => Promise.all([shop.get("/a"), shop.get("/b"), shop.post("/c")]), () => ({ ms: 100 }));
  expect([played.view.tally().ok, played.end.t]).toEqual([3, 100]);
});

row("new SharedArray(…)", async () => {
  let reads = 0;
  const list = { ...rows([1, 2, 3]), rows: async () => (reads++, [1, 2, 3]) };
  const got: number[] = [];
  const walk = journey({ line }, async ({ line }, user) => {
    got.push(await user.feed(list));
    await line.touch(1);
  });
  await walked(trial({ walk }, [{ load: { walk: times(6, { users: 3 }) } }]));
  expect([reads, got.sort()]).toEqual([1, [1, 1, 2, 2, 3, 3]]);
});

row('open("users.csv"), papaparse', async () => {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-k6-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "users.csv"), "name,word\nann,a\nbob,b\n");
  const people = csv<"name" | "word">(join(folder, "users.csv"), { order: "unique" });
  const got: string[] = [];
  const walk = journey({ line }, async ({ line }, user) => {
    got.push(`${user.id} ${(await user.feed(people)).name}`);
    await line.touch(user.id === 0 ? 10 : 1);
  });
  // Each user its own row, on every one of its walks: users[__VU].
  await walked(trial({ walk }, [{ load: { walk: times(2, { users: 2, each: true }) } }]));
  expect(got.sort()).toEqual(["0 ann", "0 ann", "1 bob", "1 bob"]);
});

row("__VU, __ITER, exec.vu, exec.scenario", async () => {
  const seen: string[] = [];
  const walk = journey({ line }, async ({ line }, user) => {
    seen.push(`${user.journey} ${user.id} ${user.walk}`);
    await line.touch(1);
  });
  await walked(trial({ walk }, [{ load: { walk: times(2, { users: 2, each: true }) } }]));
  expect(seen.sort()).toEqual(["walk 0 0", "walk 0 1", "walk 1 0", "walk 1 1"]);
});

row('exec.test.abort("why")', async () => {
  const builder = new ViewBuilder();
  const walk = journey({ line }, async ({ line }, user) => {
    await line.touch(100);
    user.must("the shop is open", user.walk < 30);
  });
  const { end } = await walked(trial({ walk }, [{ for: "1h", load: { walk: users(1) } }], { budget: { walk: { errors: "0%", abort: true } } }), {
    write: (line) => builder.add(JSON.parse(JSON.stringify(line))),
    stopQuestion: () => stopQuestion(builder.view()!),
  });
  expect([end.how, end.t < 10_000]).toEqual(["aborted", true]);
});

row("http.expectedStatuses(200, 404)", async () => {
  const played = await shopped((shop) => shop.get("/gone", { expect: [200, 404] }), () => ({ status: 404 }));
  expect(played.view.tally()).toMatchObject({ ok: 1, refused: 0 });
});

row("a cookie jar for each iteration", async () => {
  // Under arrivals every walk is a new visitor's; users of a closed pace are one person each, and keep theirs.
  const world = await serve((request, response) => {
    response.setHeader("set-cookie", "who=me");
    response.end(request.headers.cookie ?? "nobody");
  });
  const { session, renew } = await sit({ base: world.base });
  await session.get("/");
  expect((await session.get("/")).text()).toBe("who=me");
  renew();
  expect((await session.get("/")).text()).toBe("nobody");
  expect(world.connections()).toBe(1);
});

row('res.json("path"), res.headers, res.body', async () => {
  await shopped(async (shop) => {
    const reply = await shop.get("/items");
    expect([reply.json<{ list: { id: number }[] }>().list[1]!.id, reply.headers.get("x-version"), reply.text().length, reply.status]).toEqual([7, "3", 28, 200]);
  }, () => ({ headers: { "X-Version": "3" }, body: { list: [{ id: 1 }, { id: 7 }] } })).then(({ view }) => expect(view.failures).toEqual([]));
});

row("res.timings.duration", async () => {
  await shopped(async (shop, user) => {
    const { ms } = await shop.get("/items");
    expect(ms).toBe(40);
    user.measure("own", ms);
  }, () => ({ ms: 40 })).then(({ view }) => {
    expect(view.failures).toEqual([]);
    expect(view.tally({ step: "own" }).due.maxMs).toBe(40);
  });
});

row("options.seed, randomSeed()", async () => {
  const drawn = async (seed: number) => {
    const seen: number[] = [];
    await walked(trial({ walk: journey({ line }, async ({ line }, user) => {
      seen.push(user.random.next());
      await line.touch(1);
    }) }, [{ load: { walk: times(4, { users: 2 }) } }]), { seed });
    return seen;
  };
  expect(await drawn(5)).toEqual(await drawn(5));
  expect(await drawn(5)).not.toEqual(await drawn(6));
});
