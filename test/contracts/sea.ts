/** What the rows of docs/*.md are tried on: virtual time, and a shop that answers as it is told. */
import { test } from "vitest";
import { journey, judge, scenario, type Budgets, type Journey, type Load, type User } from "../../src/index.ts";
import { http, type HttpSession } from "../../drivers/http/index.ts";
import type { SimulatedAnswer, SimulatedAsk } from "../../src/model/simulated.ts";
import type { Scenario } from "../../src/model/scenario.ts";
import type { Grade } from "../../src/model/verdict.ts";
import { virtualClock } from "../../src/sim/index.ts";
import { rope, staged, type Played, type Rope, type Stage } from "../play/stage.ts";

/** One row of a table in docs: its name is the first cell, without the backticks. `rows.test.ts` holds the two together. */
export const row = test;

/** A scenario of one phase, or of several one after the other: what the compiler would say of it is not what these tests are about. */
export function trial(journeys: Readonly<Record<string, Journey<any, any>>>, phases: readonly { readonly for?: string; readonly load: Load; readonly judged?: boolean }[], more: object = {}): Scenario {
  return scenario({ name: "t", journeys, phases: phases.map((phase, index) => ({ name: `phase ${index + 1}`, ...phase })), ...more } as never);
}

export interface Walked extends Played {
  /** Users aboard in a second. */
  users(second: number, journey?: string): number;
}

/** Plays journeys that touch nothing but the clock. */
export async function walked(scenario: Scenario, stage: Stage = {}): Promise<Walked> {
  const played = await staged(scenario, stage);
  return {
    ...played,
    users: (second, journey) => played.view.pace.filter(({ s, cell }) => s === second && (journey === undefined || cell[1] === journey)).reduce((sum, { cell }) => sum + cell[6], 0),
  };
}

/** A journey of one touch of `ms`, with what else a journey may say. */
export function touching(ms: number, options: Parameters<typeof journey>[2] = {}): Journey {
  return journey({ line: rope() }, ({ line }: { line: Rope }) => line.touch(ms), options as object) as unknown as Journey;
}

type Answer = (ask: SimulatedAsk) => Partial<SimulatedAnswer> & { readonly ms?: number };

export interface Shopped extends Played {
  /** Request lines in the order they came. */
  readonly asked: readonly string[];
  readonly asks: readonly SimulatedAsk[];
}

/** Plays what users do with a shop over HTTP, on answers made here: `times(1)` of it unless told otherwise. */
export async function shopped(
  walk: (shop: HttpSession, user: User) => Promise<unknown>,
  answer: Answer = () => ({}),
  { load, options = {}, more = {}, stage = {}, for: length }: { readonly load?: Load[string]; readonly options?: object; readonly more?: object; readonly stage?: Stage; readonly for?: string } = {},
): Promise<Shopped> {
  const shop = http({ base: "http://shop.test" });
  const visit = journey({ shop }, async ({ shop }, user) => void (await walk(shop, user)), options);
  const asks: SimulatedAsk[] = [];
  const clock = virtualClock();
  const request = async (ask: SimulatedAsk, signal: AbortSignal): Promise<SimulatedAnswer> => {
    asks.push(ask);
    const { ms = 10, status = 200, headers = {}, body } = answer(ask);
    await clock.sleep(ms, signal);
    return { status, headers, body };
  };
  const played = await staged(
    trial({ visit }, [{ ...(length !== undefined && { for: length }), load: { visit: load ?? { kind: "times", count: 1 } } }], more),
    { clock, simulated: () => ({ request }), ...stage },
  );
  return { ...played, asks, asked: asks.map(({ method, path }) => `${method} ${path}`) };
}

/** Steps and how often each came. */
export function steps({ view }: Played): Record<string, number> {
  return Object.fromEntries(view.series.filter(({ type }) => type === "op").map(({ journey, step }) => [step, view.tally({ journey, step, type: "op" }).count]));
}

export const causes = ({ view }: Played): string[] => view.failures.map(({ cause, count }) => `${cause} ${count}`).sort();

/** The verdict on a hundred touches of these times in ms, in turn; a negative one was refused. */
export async function graded(ms: readonly number[], budget: Budgets<"walk">): Promise<Grade> {
  const walk = journey({ line: rope() }, async ({ line }) => {
    for (const one of ms) await line.touch(Math.abs(one), one < 0 ? "refused" : "ok").catch(() => undefined);
  });
  const { view } = await staged(trial({ walk }, [{ load: { walk: { kind: "times", count: Math.ceil(100 / ms.length) } } }], { budget }));
  return judge(view).grade;
}
