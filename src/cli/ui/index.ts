import { randomBytes } from "node:crypto";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { liveVerdict } from "../../../reports/live/state.ts";
import { sayVerdict } from "../../../reports/story.ts";
import type { Handled } from "../../model/hands.ts";
import type { Clock } from "../../units/clock.ts";
import { sayError, SeatrialError, type ErrorCode } from "../../units/errors.ts";
import type { Concluded } from "../conclude.ts";
import { isLoopback, type Address } from "./address.ts";
import type { Ask } from "./asks.ts";
import type { Told } from "./deck.ts";
import { shownLines } from "./shown.ts";
import type { FromThread, ToThread } from "./thread.ts";

/** A page that is so many seconds behind its run is given up: its mail would fill the memory. */
const mostUnseen = 30;
/** At the end the page gets so long to tell its readers. */
const closeWithinMs = 4_000;

/** The live page of a run. */
export interface Ui {
  /** Never waits, and never fails: a broken page is no reason to end a run. */
  tell(told: Told): void;
  /** The last news: the verdict, and where the reports are. */
  conclude(concluded: Concluded): void;
  /** Resolves when the page is gone. */
  close(): Promise<void>;
}

export interface UiOptions {
  readonly address: Address;
  readonly clock: Clock;
  readonly say: (line: string) => void;
  readonly act: (ask: Ask, by: string) => Handled;
}

/** What goes wrong with a button must not end the run. */
function tried(act: () => Handled): Handled {
  try {
    return act();
  } catch (error) {
    return { done: false, text: sayError(error) };
  }
}

/**
 * Opens the live page of a run, and says its address.
 *
 * @throws SEA_UI_LISTEN when it can't listen there
 */
export async function openUi({ address, clock, say, act }: UiOptions): Promise<Ui> {
  // TypeScript in a checkout, JavaScript in the published package.
  const file = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);
  const token = randomBytes(24).toString("base64url");
  const worker = new Worker(file, { name: "seatrial live page", workerData: { address, token }, execArgv: ["--disable-warning=ExperimentalWarning"] });
  let [open, unseen] = [true, 0];
  const post = (message: ToThread) => worker.postMessage(message);
  const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const giveUp = (why: string) => {
    if (!open) return;
    open = false;
    say(`the live page is lost (${why}); the run goes on`);
    void worker.terminate();
  };
  const url = await new Promise<string>((resolve, reject) => {
    worker.once("error", (error) => {
      reject(error);
      giveUp(error.message);
    });
    worker.on("message", (message: FromThread) => {
      if ("url" in message) resolve(message.url);
      else if ("seen" in message) unseen -= 1;
      else if ("ask" in message) post({ answer: message.id, handled: tried(() => act(message.ask, message.by)) });
      else {
        open = false;
        const [code, text, hint] = message.failed;
        void worker.terminate();
        reject(new SeatrialError(code as ErrorCode, text, hint, "--ui"));
      }
    });
  });
  void gone.then(() => giveUp("its thread ended"));
  // A run that is done must not hang on its page.
  worker.unref();
  say(`live page: ${url}`);
  if (!isLoopback(address.host)) say("warning: the page can be reached from other machines, unencrypted: whoever has its address can see and stop this run");
  const shown = shownLines();
  const ui: Ui = {
    tell(told) {
      if (!open) return;
      if ("line" in told) {
        const line = shown(told.line);
        if (line) post({ line });
        return;
      }
      if ("progress" in told && ++unseen > mostUnseen) return giveUp(`it is ${mostUnseen} seconds behind`);
      post(told);
    },
    conclude({ view, verdict, paths, exitCode }) {
      const { how, reason = "" } = view.end ?? { how: "failed" };
      ui.tell({ verdict: liveVerdict(verdict.grade, sayVerdict(view, verdict), verdict.findings), over: { how, reason, paths, exitCode } });
    },
    async close() {
      if (!open) return;
      open = false;
      post({ close: true });
      const late = new AbortController();
      await Promise.race([gone, clock.sleep(closeWithinMs, late.signal).catch(() => undefined)]);
      late.abort();
      await worker.terminate();
    },
  };
  return ui;
}
