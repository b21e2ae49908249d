/** What a person may ask for from the page. */
export type Ask = { readonly act: "stop" | "halt" | "heal" } | { readonly act: "users"; readonly journey: string; readonly delta: number };

/** One press of a button changes no more users than this. */
const mostDelta = 1_000;

/** The request in a body; undefined when it is none. */
export function readAsk(body: string): Ask | undefined {
  let asked: { readonly act?: unknown; readonly journey?: unknown; readonly delta?: unknown } | null;
  try {
    asked = JSON.parse(body) as typeof asked;
  } catch {
    return undefined;
  }
  const { act, journey, delta } = asked ?? {};
  if (act === "stop" || act === "halt" || act === "heal") return { act };
  if (act !== "users" || typeof journey !== "string" || !Number.isInteger(delta)) return undefined;
  return delta !== 0 && Math.abs(delta as number) <= mostDelta ? { act, journey, delta: delta as number } : undefined;
}
