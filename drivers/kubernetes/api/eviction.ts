import type { Eviction } from "./api.ts";
import { statusOf } from "./failure.ts";

/**
 * What the server's answer to an eviction means: 429 waits for a disruption budget or for the server, 500
 * is a mistake that no waiting mends (two budgets on one pod), 404 says that the pod is gone, and 409 that
 * another one has its name. Undefined for an answer that is no verdict.
 */
export function evictionOf(code: number, body: string, retryAfterMs: number | undefined): Eviction | undefined {
  const { message = "", reason, details } = code < 400 ? { message: "" } : statusOf(body);
  const causes = details?.causes ?? [];
  const said = [message, ...causes.flatMap((one) => one.message ?? [])].join(" ").trim();
  if (code < 400) return { verdict: "going", reason: "asked to leave" };
  if (code === 404 && reason === "NotFound") return { verdict: "gone", reason: said };
  if (code === 409 && /uid|UID|precondition/i.test(said)) return { verdict: "gone", reason: said };
  if (code === 429) {
    const budget = /disruption budget (\S+)/.exec(said)?.[1];
    return { verdict: "blocked", reason: said, ...(budget !== undefined && { budget }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  if (code === 500) return { verdict: "misconfigured", reason: said };
  return undefined;
}
