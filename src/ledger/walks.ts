import type { WalkLine } from "./lines.ts";
import type { LedgerView } from "./view.ts";

/** What became of a counted walk: `flaky` failed and passed when it was walked again; `undone` was never walked to an end. */
export type WalkResult = "passed" | "flaky" | "failed" | "unsure" | "undone";

/** One counted walk with all attempts at it, the first first. */
export interface CountedWalk {
  readonly phase: number;
  readonly journey: string;
  /** From 0. */
  readonly walk: number;
  readonly result: WalkResult;
  readonly attempts: readonly WalkLine[];
}

const known = new WeakMap<LedgerView, readonly CountedWalk[]>();

/** Every counted walk that has lines, by phase, journey and number. */
export function countedWalks(view: LedgerView): readonly CountedWalk[] {
  let walks = known.get(view);
  if (!walks) known.set(view, (walks = gathered(view)));
  return walks;
}

function gathered({ run, walks }: LedgerView): CountedWalk[] {
  const byWalk = new Map<string, WalkLine[]>();
  for (const line of walks) {
    const key = `${line.phase}\n${line.journey}\n${line.walk}`;
    const known = byWalk.get(key);
    if (known) known.push(line);
    else byWalk.set(key, [line]);
  }
  const place = (journey: string) => run.journeys.indexOf(journey);
  return [...byWalk.values()]
    .map((lines): CountedWalk => {
      const attempts = [...lines].sort((a, b) => a.attempt - b.attempt);
      const { phase, journey, walk } = attempts[0]!;
      return { phase, journey, walk, attempts, result: resultOf(attempts) };
    })
    .sort((a, b) => a.phase - b.phase || place(a.journey) - place(b.journey) || a.walk - b.walk);
}

function resultOf(attempts: readonly WalkLine[]): WalkResult {
  const last = attempts.at(-1)!;
  // The run was killed before it was walked again.
  if (last.again) return last.outcome === "unsure" ? "unsure" : "failed";
  if (last.outcome === "ok") return attempts.some(({ outcome }) => outcome !== "ok") ? "flaky" : "passed";
  return last.outcome === "cut" ? "undone" : last.outcome === "unsure" ? "unsure" : "failed";
}
