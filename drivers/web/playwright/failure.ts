import { browserLost, EngineFailure, type Seen } from "../engine.ts";
import { causeOfNetwork } from "../network.ts";

const gone = /(Target page, context or browser has been closed|Target closed|Target crashed|Page crashed|[Bb]rowser has (been closed|disconnected)|Connection closed)/;
const between = /(Execution context was destroyed|Cannot find context|Frame was detached|frame got detached|because of a navigation)/i;
/** Whatever comes after this in Playwright's own log may have reached the page. */
const done = /(performing|  )?(click|dblclick|tap|hover|check|uncheck) action done|performing (click|dblclick|tap) action/;

/** Playwright's message without the colours and the log. */
const plain = (text: string) => text.replace(/\u001b\[\d+m/g, "");
const firstLine = (text: string) => plain(text).split("\n")[0]!.slice(0, 300);

/** The page was between two documents: nothing to tell about it. */
export const isTransient = (error: unknown): boolean => error instanceof EngineFailure && error.cause === "between pages";

/**
 * Runs something of Playwright's, and says of an error what it means for the touch.
 *
 * @param look what there is to see of the element, for a time-out that does not say
 */
export async function failed<T>(run: () => Promise<T>, look?: () => Promise<Seen>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw await meaning(error as Error, look);
  }
}

async function meaning(error: Error, look: (() => Promise<Seen>) | undefined): Promise<Error> {
  const message = plain(error.message);
  const said = firstLine(message);
  if (gone.test(message)) return browserLost(said);
  if (message.includes("strict mode violation")) {
    const [, count = "several"] = /resolved to (\d+) elements/.exec(message) ?? [];
    return new EngineFailure("refused", "ambiguous", `there are ${count} such elements`);
  }
  const network = causeOfNetwork(message);
  if (network) return new EngineFailure(network.outcome, network.cause, network.error);
  if (between.test(message)) return new EngineFailure("unsure", "between pages", said);
  if (error.name === "TimeoutError") return look ? await lateness(message, look) : new EngineFailure("unsure", "timeout", said);
  if (/did not find some options/.test(message)) return new EngineFailure("refused", "no option", said);
  if (/ENOENT|no such file/.test(message)) return new EngineFailure("refused", "no file", said);
  return new EngineFailure("refused", "can't", said);
}

/** Why an element did not take an action in time. */
async function lateness(message: string, look: () => Promise<Seen>): Promise<EngineFailure> {
  if (done.test(message)) return new EngineFailure("unsure", "timeout", "the action was begun, and did not end");
  if (/did not find some options/.test(message)) return new EngineFailure("refused", "no option", "the list has no such option");
  const seen = await look().catch(() => undefined);
  if (seen?.count === 0) return new EngineFailure("refused", "no element", /detached/.test(message) ? "it was taken away" : "there is no such element");
  if (seen && !seen.visible) return new EngineFailure("refused", "hidden", "it is not visible");
  const [covering] = /<[^\n]*intercepts pointer events/.exec(message) ?? [];
  if (covering !== undefined) return new EngineFailure("refused", "covered", covering.slice(0, 200));
  if (seen && !seen.enabled) return new EngineFailure("refused", "disabled", "it is disabled");
  if (/detached/.test(message)) return new EngineFailure("refused", "no element", "it was taken away again and again");
  if (/not stable/.test(message)) return new EngineFailure("refused", "moving", "it does not stand still");
  if (/not editable|readonly/i.test(message)) return new EngineFailure("refused", "not editable", "it can't be written in");
  return new EngineFailure("unsure", "timeout", firstLine(message));
}
