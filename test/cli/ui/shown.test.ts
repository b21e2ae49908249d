/** A page is told what it shows, and no more. */
import { expect, test } from "vitest";
import { shownLines } from "../../../src/cli/ui/shown.ts";
import { LedgerWriter, runLine } from "../../reports/ledger.ts";

test("noted writes and where the time went stay away, everything else goes as it is", () => {
  const writer = new LedgerWriter().add(runLine([{ name: "p", judged: true, forMs: 1_000 }]), { k: "notes", kind: "order", what: "note", ids: [[1, "o-1"]] });
  writer.second(0, [{ phase: 0, journey: "j", step: "x", due: [5, 6] }, { phase: 0, journey: "j", step: "x", type: "waiting", due: [4, 5] }, { phase: 0, journey: "j", step: "", type: "walk", due: [9] }]);
  const told = writer.lines.map(shownLines());
  const of = (k: string) => told.filter((line) => line?.k === k);
  expect(of("notes")).toEqual([]);
  expect(of("series").map((line) => (line?.k === "series" ? line.type : ""))).toEqual(["op", "walk"]);
  const [whole, left] = [writer.lines.find(({ k }) => k === "sec"), of("sec")[0]];
  expect(left).toEqual({ ...whole, d: whole?.k === "sec" ? [whole.d[0], whole.d[2]] : [] });
  expect(told[0]).toBe(writer.lines[0]);
});
