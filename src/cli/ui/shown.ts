import type { Line } from "../../ledger/lines.ts";
import { isPart } from "../../model/op.ts";

/**
 * Which lines a page is told, and what of them: all but noted writes, and where the time of touches
 * went. There is much of both, and no page shows any.
 */
export function shownLines(): (line: Line) => Line | undefined {
  const parts = new Set<number>();
  return (line) => {
    if (line.k === "notes") return undefined;
    if (line.k === "series" && (isPart(line.type) || line.type === "retried")) return void parts.add(line.id);
    return line.k === "sec" && parts.size > 0 ? { ...line, d: line.d.filter(([series]) => !parts.has(series)) } : line;
  };
}
