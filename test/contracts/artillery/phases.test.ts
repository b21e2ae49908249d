/** docs/artillery.md, "Phases and scenarios": arrivals counted in virtual time. */
import { expect } from "vitest";
import { arrivals, journey, split } from "../../../src/index.ts";
import { paceOf, rope } from "../../play/stage.ts";
import { row, shopped, touching, trial, walked } from "../sea.ts";

const line = rope();

row("duration: 60, arrivalRate: 10", async () => {
  const { view } = await walked(trial({ walk: touching(10) }, [{ for: "60s", load: { walk: arrivals("10/s") } }]));
  expect(paceOf(view, "walk").starts).toBe(600);
});

row("arrivalRate: 10, rampTo: 50", async () => {
  const { view } = await walked(trial({ walk: touching(10) }, [{ for: "60s", load: { walk: arrivals("10/s", { to: "50/s" }) } }]));
  expect(paceOf(view, "walk").starts).toBe(1_800);
  // Artillery climbs in steps of a second; here every start has its own place on the line.
  const starts = view.pace.filter(({ cell }) => cell[2] > 0).map(({ cell }) => cell[2]);
  expect([starts[0], starts[59]]).toEqual([expect.closeTo(10, -0.5), expect.closeTo(50, -0.5)]);
  for (let second = 1; second < 60; second++) expect(starts[second]! - starts[second - 1]!).toBeLessThanOrEqual(2);
});

row("duration: 60, arrivalCount: 50", async () => {
  const { view } = await walked(trial({ walk: touching(10) }, [{ for: "60s", load: { walk: arrivals("50/m") } }]));
  expect(paceOf(view, "walk").starts).toBe(50);
});

row("pause: 10", async () => {
  const { view } = await walked(trial({ walk: touching(10) }, [{ for: "5s", load: { walk: arrivals("2/s") } }, { for: "10s", load: {} }, { for: "5s", load: { walk: arrivals("2/s") } }]));
  expect([paceOf(view, "walk", 0).starts, paceOf(view, "walk", 1).starts, paceOf(view, "walk", 2).starts]).toEqual([10, 0, 10]);
  expect(view.phases[2]!.beginMs).toBe(15_000);
});

row("maxVusers: 4", async () => {
  const { view } = await walked(trial({ walk: touching(1_000) }, [{ for: "10s", load: { walk: arrivals("10/s", { most: 4 }) } }]));
  // vusers.skipped
  expect(paceOf(view, "walk")).toMatchObject({ mostUsers: 4, starts: 40, dropped: 60 });
});

row("name of a phase", async () => {
  const { view } = await walked(trial({ walk: touching(10) }, [{ for: "1s", load: { walk: arrivals("1/s") }, name: "warm up" } as never]));
  expect(view.phases.map(({ name }) => name)).toEqual(["warm up"]);
});

row("weight of a scenario", async () => {
  const { view } = await walked(trial({ browse: touching(10), buy: touching(10) }, [{ for: "10s", load: split(arrivals("10/s"), { browse: 7, buy: 3 }) }]));
  // Artillery draws by chance; here every ten arrivals hold seven and three.
  expect([paceOf(view, "browse").starts, paceOf(view, "buy").starts]).toEqual([70, 30]);
});

row("a virtual user goes through the scenario once", async () => {
  const renewed: number[] = [];
  const walk = journey({ line }, async ({ line }) => {
    renewed.push(line.renewed);
    await line.touch(10);
  });
  await walked(trial({ walk }, [{ for: "3s", load: { walk: arrivals("1/s") } }]));
  // Each arrival is a new visitor: cookies and logins are forgotten.
  expect(renewed).toEqual([0, 1, 2]);
});

row("arrivals at random moments", async () => {
  const begins: number[] = [];
  let now = () => 0;
  const walk = journey({ line }, async ({ line }) => {
    begins.push(now());
    await line.touch(1);
  });
  const { view } = await walked(trial({ walk }, [{ for: "100s", load: { walk: arrivals("20/s", { spread: "poisson" }) } }]), { beside: async (clock) => void (now = () => clock.now()) });
  expect(Math.abs(paceOf(view, "walk").starts - 2_000)).toBeLessThan(200);
  expect(new Set(begins.slice(1).map((ms, index) => Math.round(ms - begins[index]!))).size).toBeGreaterThan(20);
});

row("name of a scenario, metrics-by-endpoint", async () => {
  const { view } = await shopped(async (shop) => {
    await shop.get("/items/1", { name: "/items/:id" });
    await shop.get("/items/2", { name: "/items/:id" });
  });
  expect(view.tally({ journey: "visit", step: "GET /items/:id" }).count).toBe(2);
});
