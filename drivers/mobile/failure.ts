/** Why a touch was not ok, before it is recorded. */
export class DeviceFailure extends Error {
  readonly outcome: "refused" | "unsure";
  override readonly cause: string;
  constructor(outcome: "refused" | "unsure", cause: string, message: string) {
    super(message);
    this.name = "DeviceFailure";
    this.outcome = outcome;
    this.cause = cause;
  }
}

/** What was seen instead, and why that won't do. */
export interface Complaint {
  readonly cause: string;
  readonly instead: string;
}

export const absent: Complaint = { cause: "no element", instead: "there is no such element" };
export const ambiguous = (count: number): Complaint => ({ cause: "ambiguous", instead: `there are ${count} such elements` });

/** What may be otherwise a moment later: the screen was being drawn, or had just gone. */
const passing: readonly (readonly [RegExp, Complaint])[] = [
  [/stale element|no such element/i, { cause: "no element", instead: "it was taken away" }],
  [/click intercepted/i, { cause: "covered", instead: "something lies over it" }],
  [/not interactable|move target out of bounds/i, { cause: "hidden", instead: "it is not visible" }],
  [/invalid element state/i, { cause: "not ready", instead: "it can't take that now" }],
  [/unexpected alert open/i, { cause: "dialog", instead: "a dialog is open" }],
  [/no such context/i, { cause: "no context", instead: "there is no such context" }],
];
const sessionGone = /invalid session id|no such driver|session is either terminated|session deleted|not reachable|disconnected|no such window|tab crashed/i;
const neverReached = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH/;
const cutOff = /ECONNRESET|EPIPE|UND_ERR_SOCKET|socket hang up|other side closed|terminated|fetch failed|Failed to fetch/i;
const late = /timeout|timed out|ETIMEDOUT/i;

const textOf = (error: unknown): string => {
  const { name, message, code, cause } = error as Error & { code?: string };
  return `${name}: ${message} ${code ?? ""} ${cause ? `${String((cause as Error).message ?? cause)} ${(cause as { code?: string }).code ?? ""}` : ""}`;
};

/** What stands in the way now, where it may not stand there for long; undefined for what does. */
export function passingOf(error: unknown): Complaint | undefined {
  if (error instanceof DeviceFailure) return undefined;
  const text = textOf(error);
  return sessionGone.test(text) ? undefined : passing.find(([pattern]) => pattern.test(text))?.[1];
}

/** What an error of webdriverio's means for the touch. */
export function meaningOf(error: unknown): DeviceFailure {
  if (error instanceof DeviceFailure) return error;
  const text = textOf(error);
  const said = (error as Error).message.split("\n")[0]!.slice(0, 300);
  if (sessionGone.test(text)) return new DeviceFailure("refused", sessionLost, said);
  if (neverReached.test(text)) return new DeviceFailure("refused", serverGone, said);
  if (late.test(text)) return new DeviceFailure("unsure", "timeout", said);
  if (cutOff.test(text)) return new DeviceFailure("unsure", serverGone, said);
  return new DeviceFailure("refused", "can't", said);
}

/** The server does not know the session any more: what was asked did not happen. */
const sessionLost = "session lost";
/** Nobody answers where the server was. */
const serverGone = "server gone";
/** After these, the next touch begins a new session. */
export const isLoss = (cause: string): boolean => cause === sessionLost || cause === serverGone;
