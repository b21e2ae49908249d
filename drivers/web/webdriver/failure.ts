import { browserLost, EngineFailure } from "../engine.ts";
import type { Complaint } from "../expect.ts";
import { causeOfNetwork } from "../network.ts";

const gone = /invalid session id|session deleted|no such window|not reachable|disconnected|tab crashed|session not found|unable to (find|execute) .*session|ECONNREFUSED|ECONNRESET|socket hang up|fetch failed|other side closed|Failed to decode response from marionette|without establishing a connection|WebSocket is not/i;

/** What may be otherwise a moment later: the page was being drawn, or had just gone. */
const passing: readonly (readonly [RegExp, Complaint])[] = [
  [/stale element|no such element|detached|no such (frame|shadow root)/i, { cause: "no element", instead: "it was taken away" }],
  [/click intercepted/i, { cause: "covered", instead: "something lies over it" }],
  [/not interactable|move target out of bounds/i, { cause: "hidden", instead: "it is not visible" }],
  [/invalid element state/i, { cause: "not editable", instead: "it can't be written in" }],
  [/unexpected alert open/i, { cause: "dialog", instead: "a dialog is open" }],
  [/execution context|inspected target navigated|Cannot find context|aborted by navigation|document was unloaded|unloaded/i, { cause: "between pages", instead: "the page was on its way out" }],
];

const textOf = (error: unknown): string => {
  const { name, message, cause } = error as Error;
  return `${name}: ${message}${cause ? ` ${String((cause as Error).message ?? cause)} ${(cause as { code?: string }).code ?? ""}` : ""}`;
};

/** What stands in the way now, where it may not stand there for long; undefined for what does. */
export function passingOf(error: unknown): Complaint | undefined {
  if (error instanceof EngineFailure) return undefined;
  const text = textOf(error);
  return gone.test(text) ? undefined : passing.find(([pattern]) => pattern.test(text))?.[1];
}

/** What an error of WebDriver's means for the touch. */
export function meaningOf(error: unknown): EngineFailure {
  if (error instanceof EngineFailure) return error;
  const text = textOf(error);
  const said = text.split("\n")[0]!.slice(0, 300);
  if (gone.test(text)) return browserLost(said);
  const network = causeOfNetwork(text);
  if (network) return new EngineFailure(network.outcome, network.cause, network.error);
  if (/timeout|timed out|aborted due to/i.test(text)) return new EngineFailure("unsure", "timeout", said);
  if (/file not found/i.test(text)) return new EngineFailure("refused", "no file", said);
  return new EngineFailure("refused", "can't", said);
}
