import { LiveState, type LiveEnd, type LiveVerdict } from "../../../reports/live/state.ts";
import { livePage } from "../../../reports/live/index.ts";
import type { Line, SayLine } from "../../ledger/lines.ts";
import type { Handled } from "../../model/hands.ts";
import type { Progress } from "../../model/progress.ts";
import type { Clock } from "../../units/clock.ts";
import type { Address } from "./address.ts";
import type { Ask } from "./asks.ts";
import { serve } from "./server.ts";
import { VerdictSoFar } from "./so-far.ts";

const gatherMs = 200;

/** What a run tells its page. */
export type Told =
  | { readonly line: Line }
  | { readonly progress: Progress }
  | { readonly say: Pick<SayLine, "t" | "level" | "text"> }
  | { readonly over: LiveEnd; readonly verdict: LiveVerdict };

export interface Deck {
  readonly url: string;
  tell(told: Told): void;
  close(): Promise<void>;
}

/** The page of one run: what it shows, kept up to date by what it is told, and its server. */
export async function openDeck(options: { readonly address: Address; readonly token: string; readonly clock: Clock; readonly act: (ask: Ask, by: string) => Promise<Handled> }): Promise<Deck> {
  const state = new LiveState();
  const soFar = new VerdictSoFar(options.clock);
  let assets: ReturnType<typeof livePage> | undefined;
  const server = await serve({ ...options, assets: () => (assets ??= livePage()), whole: () => state.whole() });
  let begun = false;
  let cancel: (() => void) | undefined;
  const push = () => {
    cancel?.();
    cancel = undefined;
    server.readers.send(() => state.news());
  };
  /** While a run sails, its beat brings the news; before, what is said comes by itself, and in bursts. */
  const pushSoon = () => (cancel ??= begun ? undefined : options.clock.at(options.clock.now() + gatherMs, push));
  return {
    url: server.url,
    tell(told) {
      if ("line" in told) {
        state.add(told.line);
        soFar.add(told.line);
      } else if ("progress" in told) {
        begun = true;
        state.progress(told.progress);
        // Nobody needs a verdict that nobody sees.
        const verdict = server.readers.count > 0 ? soFar.look() : undefined;
        if (verdict) state.verdict(verdict);
        push();
      } else if ("say" in told) {
        state.say(told.say);
        pushSoon();
      } else {
        state.verdict(told.verdict);
        state.over(told.over);
        push();
      }
    },
    close() {
      cancel?.();
      return server.close();
    },
  };
}
