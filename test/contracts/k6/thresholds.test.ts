/** docs/k6.md, "Thresholds": every aggregate kept and broken, and when a run ends early. */
import { expect } from "vitest";
import { arrivals, journey, judge, probe, times, users, type Budgets } from "../../../src/index.ts";
import { stopQuestion } from "../../../src/judge/index.ts";
import { ViewBuilder } from "../../../src/ledger/gather.ts";
import { rope } from "../../play/stage.ts";
import { graded, row, touching, trial, walked } from "../sea.ts";

const line = rope();
/** Ninety-four fast ones and six slow ones in a hundred. */
const mostlyFast = [...Array.from({ length: 94 }, () => 20), ...Array.from({ length: 6 }, () => 300)];
const oneIn = (n: number) => [-20, ...Array.from({ length: n - 1 }, () => 20)];

row("http_req_duration: p(95)<200", async () => {
  expect(await graded(mostlyFast, { walk: { p95: "310ms" } })).toBe("pass");
  expect(await graded(mostlyFast, { walk: { p95: "200ms" } })).toBe("fail");
  expect(await graded(mostlyFast, { walk: { p90: "200ms" } })).toBe("pass");
});

row("http_req_duration: med<200", async () => {
  expect(await graded(mostlyFast, { walk: { p50: "25ms" } })).toBe("pass");
  expect(await graded(mostlyFast, { walk: { p50: "15ms" } })).toBe("fail");
});

row("http_req_duration: avg<200", async () => {
  // 0.94 · 20 + 0.06 · 300 = 36.8
  expect(await graded(mostlyFast, { walk: { mean: "36.8ms" } })).toBe("pass");
  expect(await graded(mostlyFast, { walk: { mean: "36.7ms" } })).toBe("fail");
});

row("http_req_duration: max<200", async () => {
  expect(await graded(mostlyFast, { walk: { max: "300ms" } })).toBe("pass");
  expect(await graded(mostlyFast, { walk: { max: "299ms" } })).toBe("fail");
});

row("http_req_failed: rate<0.05", async () => {
  expect(await graded(oneIn(20), { walk: { errors: "5%" } })).toBe("pass");
  expect(await graded(oneIn(10), { walk: { errors: "5%" } })).toBe("fail");
});

row("checks: rate>0.95", async () => {
  const checked = async (budget: Budgets<"walk">) => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(10);
      user.check("has items", user.walk % 10 !== 0);
    });
    return judge((await walked(trial({ walk }, [{ load: { walk: times(100) } }], { budget }))).view).grade;
  };
  expect(await checked({ walk: { errors: "10%" } })).toBe("pass");
  expect(await checked({ walk: { errors: "5%" } })).toBe("fail");
});

row("http_reqs: rate>100, count>1000", async () => {
  const at = async (rate: `${number}/s`) => judge((await walked(trial({ walk: touching(10) }, [{ for: "10s", load: { walk: arrivals("100/s") } }], { budget: { walk: { minRate: rate } } }))).view).grade;
  expect([await at("100/s"), await at("101/s")]).toEqual(["pass", "fail"]);
});

row("iteration_duration: p(95)<2000", async () => {
  const of = async (p95: `${number}ms`) => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(500);
      await user.think("1s");
      await line.touch(400);
    });
    return judge((await walked(trial({ walk }, [{ load: { walk: times(20) } }], { budget: { walk: { walk: { p95 } } } }))).view).grade;
  };
  expect([await of("2000ms"), await of("1800ms")]).toEqual(["pass", "fail"]);
});

/** A journey with a group and two names in it. */
async function grouped(budget: Budgets<"walk">): Promise<string> {
  const walk = journey({ line }, async ({ line }, user) => {
    await line.touch(20, "ok", "GET /items/:id");
    await user.step("buy", () => line.touch(300, "ok", "POST /orders"));
  });
  return judge((await walked(trial({ walk }, [{ load: { walk: times(20) } }], { budget }))).view).grade;
}

row("http_req_duration{name:/items/:id}", async () => {
  expect(await grouped({ walk: { steps: { "GET /items/:id": { p95: "25ms" } } } })).toBe("pass");
  expect(await grouped({ walk: { steps: { "GET /items/:id": { p95: "15ms" } } } })).toBe("fail");
});

row("group_duration{group:::buy}", async () => {
  expect(await grouped({ walk: { steps: { buy: { p95: "310ms" } } } })).toBe("pass");
  expect(await grouped({ walk: { steps: { buy: { p95: "200ms" } } } })).toBe("fail");
});

row("http_req_duration{scenario:buy}", async () => {
  const { view } = await walked(trial({ browse: touching(500), buy: touching(20) }, [{ load: { browse: times(20), buy: times(20) } }], { budget: { buy: { p95: "25ms" }, all: { max: "500ms" } } }));
  expect(judge(view).grade).toBe("pass");
});

row("dropped_iterations: rate<0.1", async () => {
  const at = async (dropped: `${number}%`) => judge((await walked(trial({ walk: touching(1_000) }, [{ for: "10s", load: { walk: arrivals("10/s", { most: 8 }) } }], { budget: { walk: { dropped } } }))).view).grade;
  expect([await at("20%"), await at("19%")]).toEqual(["pass", "fail"]);
});

/** Refuses everything from a second on; the run could last an hour. */
async function aborting(budget: Budgets<"walk">, fromMs: number): Promise<{ how: string; t: number; reason?: string }> {
  const builder = new ViewBuilder();
  let now = () => 0;
  const walk = journey({ line }, ({ line }) => line.touch(100, now() >= fromMs ? "refused" : "ok"));
  const { end } = await walked(trial({ walk }, [{ for: "1h", load: { walk: users(2) } }], { budget }), {
    beside: async (clock) => void (now = () => clock.now()),
    write: (line) => builder.add(JSON.parse(JSON.stringify(line))),
    stopQuestion: () => stopQuestion(builder.view()!),
  });
  return end as never;
}

row("abortOnFail: true", async () => {
  const end = await aborting({ walk: { errors: "1%", abort: true } }, 20_000);
  expect([end.how, end.reason]).toEqual(["aborted", expect.stringContaining("asked for errors ≤ 1%")]);
  // k6 looks every two seconds, Seatrial every second.
  expect(end.t).toBeGreaterThan(20_000);
  expect(end.t).toBeLessThan(24_000);
});

row('delayAbortEval: "1m"', async () => {
  const end = await aborting({ walk: { errors: "1%", abort: { after: "1m" } } }, 5_000);
  expect(end.how).toBe("aborted");
  expect(end.t).toBeGreaterThanOrEqual(60_000);
  expect(end.t).toBeLessThan(63_000);
});

row("a threshold without samples", async () => {
  // k6 lets a latency of nothing pass as 0.
  const { view } = await walked(trial({ walk: touching(10) }, [{ load: { walk: times(20) } }], { budget: { walk: { steps: { "POST /orders": { p95: "1s" } } } } }));
  expect(judge(view).grade).toBe("unsure");
});

row("a threshold over the whole run", async () => {
  const late = journey({ line }, ({ line }, user) => line.touch(user.walk >= 580 ? 400 : 20));
  const of = async (budget: Budgets<"late">) => judge((await walked(trial({ late }, [{ for: "20s", load: { late: users(1) } }], { budget }))).view).grade;
  // The last seconds drown in the whole, as in k6, and not in windows.
  expect([await of({ late: { p95: "100ms" } }), await of({ late: { p95: "100ms", every: "5s" } })]).toEqual(["pass", "fail"]);
});

row('new Trend("query", true)', async () => {
  const of = async (p95: `${number}ms`) => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(10);
      user.measure("query", 150);
    });
    return judge((await walked(trial({ walk }, [{ load: { walk: times(20) } }], { budget: { walk: { steps: { query: { p95 } } } } }))).view).grade;
  };
  expect([await of("152ms"), await of("100ms")]).toEqual(["pass", "fail"]);
});

row('new Rate("found")', async () => {
  const of = async (errors: `${number}%`) => {
    const walk = journey({ line }, async ({ line }, user) => {
      await line.touch(10, "ok", "GET /find");
      user.check("found", user.walk % 4 !== 0);
      await line.touch(10, "ok", "GET /other");
    });
    return judge((await walked(trial({ walk }, [{ load: { walk: times(40) } }], { budget: { walk: { steps: { "GET /find": { errors } } } } }))).view).grade;
  };
  expect([await of("25%"), await of("24%")]).toEqual(["pass", "fail"]);
});

row('new Counter("orders")', async () => {
  const of = async (minRate: `${number}/s`) => {
    const walk = journey({ line }, async ({ line }, user) => {
      await user.step("order", () => line.touch(10));
    });
    return judge((await walked(trial({ walk }, [{ for: "10s", load: { walk: arrivals("5/s") } }], { budget: { walk: { steps: { order: { minRate } } } } }))).view).grade;
  };
  expect([await of("5/s"), await of("6/s")]).toEqual(["pass", "fail"]);
});

row('new Gauge("queue")', async () => {
  const of = async (atMost: number) => {
    let length = 0;
    const queue = probe("queue", { every: "1s", atMost, ask: async () => ({ value: length++ }) });
    return judge((await walked(trial({ walk: touching(10) }, [{ for: "5s", load: { walk: users(1) } }], { probes: [queue] }))).view).findings.find(({ about }) => about === "probe")!.grade;
  };
  expect([await of(10), await of(2)]).toEqual(["pass", "fail"]);
});
