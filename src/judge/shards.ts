import type { Finding } from "../model/verdict.ts";
import type { Evidence } from "./evidence.ts";
import { finding, sayAll, sayMany } from "./finding.ts";

/** Are all shards of a run there, each once? What is missing was walked by nobody who is judged here. */
export function judgeShards({ view, isPart }: Evidence): readonly Finding[] {
  const shards = view.shards.flatMap((shard) => shard ?? []);
  if (shards.length === 0) return [];
  const { index, of } = shards[0]!;
  const tell = (grade: Finding["grade"], observed: string, reason = "") =>
    [finding({ about: "run", id: "shards", grade, expected: isPart ? "one shard" : `each of ${of} shards, once`, observed, reason, evidence: sayMany(view.shards.length, "run line") })];
  if (isPart && view.shards.length === 1) return tell("pass", `shard ${index + 1} of ${of}; the whole is judged by seatrial judge with the ledgers of all`);
  const times = Array.from({ length: of }, (_, n) => shards.filter((shard) => shard.of === of && shard.index === n).length);
  const named = (is: (count: number) => boolean) => times.flatMap((count, n) => (is(count) ? [n + 1] : [])).join(", ");
  const [missing, twice] = [named((count) => count === 0), named((count) => count > 1)];
  const others = view.shards.length - times.reduce((a, b) => a + b, 0);
  const wrong = sayAll(missing && `missing: ${missing}`, twice && `more than once: ${twice}`, others > 0 && `${sayMany(others, "ledger")} of another division`);
  return wrong ? tell("unsure", wrong, "walks of the whole were walked by nobody who is judged here, or counted twice") : tell("pass", `all ${of}`);
}
