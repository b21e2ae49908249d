import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { csv } from "../../reports/csv/index.ts";
import type { LedgerView } from "../../src/ledger/view.ts";
import { gameDay, gameDayVerdict, hostile } from "./game-day.ts";
import { LedgerWriter, runLine } from "./ledger.ts";
import { poorCases } from "./poor.ts";

const percentiles = ["50%", "66%", "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.99%", "100%"];
const columns = {
  seatrial_stats: ["Type", "Name", "Request Count", "Failure Count", "Median Response Time", "Average Response Time", "Min Response Time", "Max Response Time", "Average Content Size", "Requests/s", "Failures/s", ...percentiles],
  seatrial_stats_history: [
    "Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s", ...percentiles, "Total Request Count", "Total Failure Count",
    "Total Median Response Time", "Total Average Response Time", "Total Min Response Time", "Total Max Response Time", "Total Average Content Size",
  ],
  seatrial_failures: ["Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen"],
  seatrial_exceptions: ["Count", "Message", "Traceback", "Nodes"],
} as const;
type File = keyof typeof columns;

const read = (view: LedgerView, file: File): string[][] => parse(csv.render(view, gameDayVerdict).files[`${file}.csv`] as string);
const rowsOf = (view: LedgerView, file: File): Record<string, string>[] => read(view, file).slice(1).map((row) => Object.fromEntries(row.map((value, i) => [columns[file][i]!, value])));

describe.each([["gameDay", gameDay], ["onlyBegun", () => poorCases.onlyBegun().view], ["noSamples", () => poorCases.noSamples().view], ["torn", () => poorCases.torn().view]])("%s", (_, view) => {
  test.each(Object.keys(columns) as File[])("%s has Locust's columns, and every row as many", (file) => {
    const rows = read(view(), file);
    expect(rows[0]).toEqual(columns[file]);
    for (const row of rows) expect(row).toHaveLength(columns[file].length);
  });
});

const small = () => new LedgerWriter()
  .add(runLine([{ name: "peak", judged: true }]))
  .second(0, [{ phase: 0, journey: "a", step: "GET /x", due: [10, 20], refused: 2, cause: "status 503" }, { phase: 0, journey: "b", step: "GET /x", due: [30] }, { phase: 0, journey: "b", step: "", type: "walk", due: [99] }], [[0, "a", 4, 0, 4, 0, 3], [0, "b", 1, 0, 1, 0, 2]])
  .second(2, [{ phase: 0, journey: "b", step: "sign in", due: [40] }, { phase: 0, journey: "b", step: "GET /x", refused: 1, cause: "status 503" }])
  .fail({ phase: 0, journey: "a", step: "GET /x" }, { t: 400, user: 1, cause: "status 503" })
  .view();

test("counts a step of two journeys once, by its verb, and a step without one by its journey", () => {
  const rows = rowsOf(small(), "seatrial_stats");
  expect(rows.map((row) => [row["Type"], row["Name"], row["Request Count"], row["Failure Count"]])).toEqual([["GET", "/x", "6", "3"], ["b", "sign in", "1", "0"], ["", "Aggregated", "7", "3"]]);
  expect(rows.at(-1)).toMatchObject({ "Min Response Time": "10", "Max Response Time": "40", "Average Response Time": "25", "Requests/s": "2.333333", "Average Content Size": "0", "100%": "40" });
});

test("has a history row a second, quiet ones too, with totals since the beginning", () => {
  const rows = rowsOf(small(), "seatrial_stats_history");
  expect(rows.map((row) => [row["Timestamp"], row["User Count"], row["Name"], row["Requests/s"], row["Failures/s"], row["Total Request Count"], row["Total Max Response Time"]])).toEqual([
    ["1795431601", "5", "Aggregated", "5", "2", "5", "30"], ["1795431602", "0", "Aggregated", "0", "0", "5", "30"], ["1795431603", "0", "Aggregated", "2", "1", "7", "40"],
  ]);
});

test("names failures with the times of their examples", () => {
  expect(rowsOf(small(), "seatrial_failures")).toEqual([{ Method: "GET", Name: "/x", Error: "status 503", Occurrences: "3", "First Seen": "2026-11-23T11:00:00.400Z", "Last Seen": "2026-11-23T11:00:00.400Z" }]);
});

test("tells what a journey's own code threw apart from what the service did", () => {
  const at = { phase: 0, journey: "a", step: "", type: "walk" } as const;
  const view = new LedgerWriter().add(runLine([{ name: "peak", judged: true }]))
    .second(0, [{ ...at, refused: 2, cause: "crash: TypeError: no id" }, { phase: 0, journey: "b", step: "", type: "walk", refused: 1, cause: "crash: TypeError: no id" }, { phase: 0, journey: "a", step: "GET /x", refused: 1, cause: "status 503" }])
    .fail(at, { t: 1, user: 0, cause: "crash: TypeError: no id", error: "TypeError: no id\nat walk (trial.ts:7:1)" })
    .view();
  expect(rowsOf(view, "seatrial_exceptions")).toEqual([{ Count: "3", Message: "TypeError: no id", Traceback: "TypeError: no id at walk (trial.ts:7:1)", Nodes: view.run.machine.host }]);
});

test("says N/A where nothing was measured", () => {
  expect(rowsOf(poorCases.noSamples().view, "seatrial_stats")).toEqual([expect.objectContaining({ Name: "Aggregated", "Request Count": "0", "50%": "N/A" })]);
});

test("hostile words stay in their field, and none can become a spreadsheet's formula", () => {
  expect(rowsOf(gameDay(), "seatrial_failures").map((row) => row["Error"])).toContain(hostile.markup);
  const view = new LedgerWriter().add(runLine([])).second(0, [{ phase: 0, journey: "j", step: '=cmd|" /C calc"!A0,\n1', due: [1] }]).view();
  expect(rowsOf(view, "seatrial_stats")[0]!["Name"]).toBe(`'=cmd|" /C calc"!A0, 1`);
});
