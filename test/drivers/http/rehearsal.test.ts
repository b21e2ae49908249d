import { describe, expect, test } from "vitest";
import { form } from "../../../drivers/http/index.ts";
import { SimulatedLoss, type SimulatedAnswer, type SimulatedAsk } from "../../../src/model/simulated.ts";
import { untilOn, type Clock } from "../../../src/units/clock.ts";
import { failureOf } from "../../contract/driver.ts";
import { sit } from "./worlds.ts";

/** Time that moves when told to, alarm by alarm. */
class HandClock implements Clock {
  #nowMs = 0;
  readonly #alarms = new Set<{ atMs: number; call: () => void }>();
  now = () => this.#nowMs;
  wallMs = () => this.#nowMs;
  at(atMs: number, call: () => void): () => void {
    const alarm = { atMs, call };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return untilOn(this, this.now() + ms, signal);
  }

  until(atMs: number, signal?: AbortSignal): Promise<void> {
    return untilOn(this, atMs, signal);
  }
  get alarms(): number {
    return this.#alarms.size;
  }
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const alarm of [...this.#alarms]) {
      if (alarm.atMs > this.#nowMs || !this.#alarms.delete(alarm)) continue;
      alarm.call();
    }
  }
}

async function rehearse(answer: (ask: SimulatedAsk, signal: AbortSignal) => SimulatedAnswer | Promise<SimulatedAnswer>) {
  const clock = new HandClock();
  const asks: SimulatedAsk[] = [];
  const simulated = {
    request: async (ask: SimulatedAsk, signal: AbortSignal) => {
      asks.push(ask);
      return answer(ask, signal);
    },
  };
  return { clock, asks, ...(await sit({ service: "shop", timeout: "30s" }, { clock, simulated, service: () => "http://shop.sim" })) };
}
const ok = (body: unknown, headers = {}): SimulatedAnswer => ({ status: 200, headers, body });

describe("a rehearsal", () => {
  test("asks the simulated service with values, and reads its answers as from the wire", async () => {
    const { session, asks, ops } = await rehearse(({ path }) => ok(path === "/text" ? "plain" : path === "/none" ? undefined : path === "/bytes" ? new Uint8Array([1]) : { path }));
    expect((await session.post("/orders", { item: "rope" }, { params: { a: 1 } })).json()).toEqual({ path: "/orders?a=1" });
    expect((await session.get("/text")).text()).toBe("plain");
    expect((await session.get("/none")).text()).toBe("");
    expect([...(await session.put("/bytes", form({ a: 1 }))).bytes]).toEqual([1]);
    expect(asks).toEqual([
      { method: "POST", path: "/orders?a=1", body: { item: "rope" } },
      { method: "GET", path: "/text", body: undefined },
      { method: "GET", path: "/none", body: undefined },
      { method: "PUT", path: "/bytes", body: "a=1" },
    ]);
    expect(ops.map(({ step }) => step)).toEqual(["POST /orders", "GET /text", "GET /none", "PUT /bytes"]);
  });

  test("times out in its own time, and leaves no alarm behind", async () => {
    let heard: AbortSignal | undefined;
    const late = Promise.withResolvers<SimulatedAnswer>();
    const { session, clock, ops, close } = await rehearse(({ path }, signal) => {
      heard = signal;
      return path === "/silence" ? late.promise : ok("");
    });
    await session.get("/");
    const silent = failureOf(session.get("/silence"));
    clock.advance(29_999);
    expect([ops.length, heard!.aborted]).toEqual([1, false]);
    clock.advance(1);
    expect((await silent).failure.cause).toBe("timeout");
    expect(ops[1]).toMatchObject({ beganMs: 0, endedMs: 30_000, outcome: "unsure" });
    expect(heard!.aborted).toBe(true);
    late.resolve(ok("at last"));
    await session.get("/");
    expect(ops).toHaveLength(3);
    await close();
    expect(clock.alarms).toBe(0);
  });

  test.each([
    [new SimulatedLoss("refused"), "refused", "refused"],
    [new SimulatedLoss("reset"), "unsure", "reset"],
    [new Error("a mistake in the simulation"), "unsure", "protocol"],
  ])("%s", async (error, outcome, cause) => {
    const { session, ops } = await rehearse(() => Promise.reject(error));
    expect(await failureOf(session.get("/"))).toMatchObject({ outcome, failure: { cause } });
    expect(ops).toHaveLength(1);
  });

  test("a silence that is thrown is a silence all the same", async () => {
    const { session, clock } = await rehearse(() => Promise.reject(new SimulatedLoss("silence")));
    const silent = failureOf(session.get("/"));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(30_000);
    expect((await silent).failure.cause).toBe("timeout");
  });

  test("redirects, cookies and refusals are as they are on the wire", async () => {
    const { session, ops, asks } = await rehearse(({ path }) =>
      path === "/login" ? { status: 303, headers: { location: "/home", "set-cookie": "who=mary" }, body: "" } : { status: path === "/down" ? 503 : 200, headers: {}, body: { path } },
    );
    expect((await session.post("/login", form({ user: "mary" }))).json()).toEqual({ path: "/home" });
    expect(session.cookies.all()).toEqual({ who: "mary" });
    expect((await failureOf(session.get("/down"))).failure).toEqual({ cause: "status 503", status: 503, request: "GET /down", body: '{"path":"/down"}' });
    expect(asks.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /login", "GET /home", "GET /down"]);
    expect(ops.map(({ outcome }) => outcome)).toEqual(["ok", "refused"]);
  });
});
