/**
 * The page runs in a thread of its own: drawing it up, judging the phase under way and slow readers
 * must not make the run's starts late.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Handled } from "../../model/hands.ts";
import { realClock } from "../../units/clock.ts";
import { sayError, SeatrialError } from "../../units/errors.ts";
import type { Address } from "./address.ts";
import type { Ask } from "./asks.ts";
import { openDeck, type Deck, type Told } from "./deck.ts";

/** From the run: news, an answer to what was asked, or that it is time to go. */
export type ToThread = Told | { readonly answer: number; readonly handled: Handled } | { readonly close: true };
/** To the run. `seen`: another progress was worked off. */
export type FromThread =
  | { readonly url: string }
  | { readonly failed: readonly [code: string, message: string, hint: string] }
  | { readonly ask: Ask; readonly by: string; readonly id: number }
  | { readonly seen: true };

const port = parentPort!;
const say = (message: FromThread) => port.postMessage(message);
const waiting = new Map<number, (handled: Handled) => void>();
let asked = 0;

const act = (ask: Ask, by: string) => new Promise<Handled>((resolve) => {
  const id = asked++;
  waiting.set(id, resolve);
  say({ ask, by, id });
});

let deck: Deck | undefined;
port.on("message", async (message: ToThread) => {
  if ("answer" in message) {
    waiting.get(message.answer)?.(message.handled);
    waiting.delete(message.answer);
  } else if ("close" in message) {
    await deck?.close();
    process.exit();
  } else {
    deck?.tell(message);
    if ("progress" in message) say({ seen: true });
  }
});

try {
  const { address, token } = workerData as { address: Address; token: string };
  deck = await openDeck({ address, token, clock: realClock(), act });
  say({ url: deck.url });
} catch (error) {
  const { code, message, hint } = error instanceof SeatrialError ? error : { code: "SEA_UI_LISTEN", message: sayError(error), hint: "" };
  say({ failed: [code, message, hint] });
}
