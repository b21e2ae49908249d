import type { Handled, Hands } from "../../model/hands.ts";
import type { Stops } from "../signals.ts";
import type { Ask } from "./asks.ts";

/** Who carries out what the page asks for: the run, as far as it has come. */
export class Helm {
  stops: Stops | undefined;
  hands: Hands | undefined;

  act(ask: Ask, by: string): Handled {
    const { stops, hands } = this;
    if (ask.act === "users") return hands?.users(ask.journey, ask.delta, by) ?? early;
    return (ask.act === "heal" ? hands?.heal(by) : stops?.ask(ask.act, by)) ?? early;
  }
}

const early: Handled = { done: false, text: "the trial has not begun" };
