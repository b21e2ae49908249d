import type { LedgerView } from "../../src/ledger/view.ts";
import type { Finding, Grade, Verdict } from "../../src/model/verdict.ts";
import { sayMs } from "../../src/units/duration.ts";
import { cutTo, plainLine } from "../escape.ts";
import { sayDate } from "../numbers.ts";
import { byGrade, sayCommand, sayEnd, sayHealth, sayLatencies, sayMoments, saySurvival, sayStorm, sayVerdict } from "../story.ts";
import { firstRows } from "../table.ts";
import { failuresTable, journeysTable, partsTable, phasesTable, probesTable } from "../tables.ts";
import { drawTable } from "./columns.ts";
import { gradeColour, painter, type Manner, type Paint } from "./manner.ts";
import { sayWalks, walksTable } from "../walks.ts";
import { widthOf, wrap } from "./width.ts";

const marks: Readonly<Record<Grade, string>> = { pass: "✓", unsure: "?", fail: "✗" };
/** More passes than this are told by phase: nobody scrolls back over a wall of ticks to the verdict. */
const mostPasses = 12;
const mostCauses = 10;

/**
 * What a run has come to, verdict first.
 *
 * @param paths what was written and where, shown last: `[["report", "out/html/index.html"]]`
 */
export function finalText(view: LedgerView, verdict: Verdict, manner: Pick<Manner, "colour" | "columns">, paths: readonly (readonly [what: string, path: string])[] = []): string {
  const paint = painter(manner.colour);
  const columns = Math.min(manner.columns, 100);
  const parts = partsTable(view);
  const walked = walksTable(view);
  const sections = [
    head(view, verdict, paint, columns),
    findings(verdict, paint, columns),
    section("Phases", [...drawTable(phasesTable(view), columns, (text) => paint("dim", text)), ...storms(view, verdict, columns)], paint),
    section("Journeys", [...wrap(sayLatencies, columns).map((line) => paint("dim", line)), ...drawTable(firstRows(journeysTable(view), 60), columns, (text) => paint("dim", text))], paint, view.series.length > 0),
    section("Where the time went", drawTable(firstRows(parts, 40), columns, (text) => paint("dim", text)), paint, parts.rows.length > 0),
    section("Walks", [...wrap(sayWalks(view), columns), ...(walked.rows.length > 0 ? drawTable(firstRows(walked, 20), columns, (text) => paint("dim", text)) : [])], paint, view.walks.length > 0),
    section("Survival of noted writes", view.survivals.flatMap((line) => hang(`${plainLine(view.phases[line.phase]?.name ?? "")}, ${plainLine(line.kind)}: `, saySurvival(line), columns)), paint),
    section("Failures by cause", drawTable(firstRows(failuresTable(view), mostCauses), columns, (text) => paint("dim", text)), paint, view.failures.length > 0),
    section("Evidence, in the folder of the run", evidence(view, columns), paint),
    section("Probes", drawTable(probesTable(view), columns, (text) => paint("dim", text)), paint, view.run.probes.length > 0),
    wrap(sayHealth(view), columns),
    section("Damage of the ledger", view.damage.slice(0, 10).flatMap((text) => hang("! ", plainLine(text), columns)), paint),
    paths.map(([what, path]) => `${what.padEnd(10)} ${plainLine(path)}`),
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function head(view: LedgerView, verdict: Verdict, paint: Paint, columns: number): string[] {
  const word = verdict.grade.toUpperCase();
  const colour = gradeColour[verdict.grade];
  const rule = "━".repeat(Math.max(3, columns - word.length - 6));
  const command = sayCommand(view);
  const facts = [plainLine(view.run.place?.name ?? "no cluster"), `seed ${view.run.seed}`, sayDate(view.run.startedMs), sayMs(view.lastMs), ...(view.run.mode === "rehearse" ? ["rehearsed"] : [])];
  return [
    paint([colour, "bold"], `━━━ ${word} ${rule}`),
    "",
    ...wrap(plainLine(sayVerdict(view, verdict)), columns).map((line) => paint("bold", line)),
    ...wrap(plainLine(sayEnd(view)), columns).filter(Boolean),
    ...(view.run.caveats ?? []).flatMap((text) => hang("! ", plainLine(text), columns)).map((line) => paint("yellow", line)),
    ...wrap(facts.join(" · "), columns).map((line) => paint("dim", line)),
    ...(command ? hang("again: ", plainLine(command), columns).map((line) => paint("dim", line)) : []),
  ];
}

/** Of the most frequent causes, the first failure that left files. */
function evidence(view: LedgerView, columns: number): string[] {
  return [...view.failures].sort((a, b) => b.count - a.count).slice(0, mostCauses).flatMap(({ phase, journey, step, cause }) => {
    const shown = view.examples.find((one) => one.phase === phase && one.journey === journey && one.step === step && one.cause === cause && (one.artifacts?.length ?? 0) > 0);
    return shown ? hang(`${plainLine(step || journey)}, ${plainLine(cause)}: `, plainLine(shown.artifacts!.map(({ path }) => path).join(", ")), columns) : [];
  });
}

function findings(verdict: Verdict, paint: Paint, columns: number): string[] {
  const sorted = byGrade(verdict.findings);
  const bad = sorted.filter((one) => one.grade !== "pass");
  const good = sorted.slice(bad.length);
  const lines = bad.flatMap((one) => [...tell(one, paint, columns), ""]);
  for (const text of passes(good)) lines.push(...hang(`${marks.pass} `, plainLine(text), columns).map((line) => paint("green", line)));
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function passes(good: readonly Finding[]): string[] {
  if (good.length <= mostPasses) return good.map((one) => `${one.id}: ${one.observed}`);
  const phases = [...new Set(good.map((one) => one.phase))];
  return phases.map((phase) => `${phase ?? "whole run"}: ${good.filter((one) => one.phase === phase).length} passed`);
}

function tell(finding: Finding, paint: Paint, columns: number): string[] {
  const { grade, id, expected, observed, reason, evidence } = finding;
  const fact = (name: string, text: string) => (text ? hang(`    ${name.padEnd(9)}`, cutTo(plainLine(text), 600), columns) : []);
  return [
    ...hang(`${marks[grade]} ${grade.toUpperCase()} `, plainLine(id), columns).map((line) => paint([gradeColour[grade], "bold"], line)),
    ...fact("asked", expected), ...fact("seen", observed), ...fact("why", reason), ...fact("evidence", evidence),
  ];
}

function storms(view: LedgerView, verdict: Verdict, columns: number): string[] {
  const lines = view.storms.flatMap((storm) => {
    const phase = view.phases[storm.phase];
    if (!phase?.storm) return [];
    const error = storm.error === undefined ? "" : `; error: ${storm.error}`;
    const moments = sayMoments(storm, verdict);
    return [
      ...hang(`${String(phase.index + 1).padStart(2)}  `, plainLine(`${phase.storm.harm}: ${sayStorm(storm, phase)}${error}`), columns),
      ...(moments ? hang("    ", plainLine(moments), columns) : []),
    ];
  });
  return lines.length > 0 ? ["", ...lines] : [];
}

function section(title: string, lines: readonly string[], paint: Paint, shown = lines.length > 0): string[] {
  return shown ? [paint("bold", title), ...lines] : [];
}

/** A first line that begins with `lead`, and the others below its text. */
function hang(lead: string, text: string, columns: number): string[] {
  const width = widthOf(lead);
  if (width > 24) return wrap(`${lead}${text}`, columns - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
  return wrap(text, columns - width).map((line, i) => (i === 0 ? lead : " ".repeat(width)) + line);
}
