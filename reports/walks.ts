/** Counted walks in the words that all formats share. */
import { countedWalks, type CountedWalk, type WalkResult } from "../src/ledger/walks.ts";
import type { WalkLine } from "../src/ledger/lines.ts";
import type { LedgerView } from "../src/ledger/view.ts";
import type { Artifact, Failure } from "../src/model/op.ts";
import { sayMs } from "../src/units/duration.ts";
import { sayCount } from "./numbers.ts";
import type { Row, Table } from "./table.ts";

/** `buy #3`, as CI servers know the walk again from run to run. */
export const walkName = ({ journey, walk }: Pick<CountedWalk, "journey" | "walk">): string => `${journey} #${walk + 1}`;

const order: readonly WalkResult[] = ["failed", "unsure", "undone", "flaky", "passed"];

/** `12 walks: 1 failed, 1 flaky, 10 passed`; empty where no walk was counted. */
export function sayWalks(view: LedgerView): string {
  const walks = countedWalks(view);
  if (walks.length === 0) return "";
  const counts = order.flatMap((result) => {
    const count = walks.filter((one) => one.result === result).length;
    return count > 0 ? [`${sayCount(count)} ${result}`] : [];
  });
  const left = unlisted(view, walks);
  return `${sayCount(walks.length)} ${walks.length === 1 ? "walk" : "walks"}: ${counts.join(", ")}${left > 0 ? `; ${sayCount(left)} more are counted, without a line of their own` : ""}`;
}

/** Walks of counted paces beyond those that the ledger tells one by one. */
function unlisted(view: LedgerView, walks: readonly CountedWalk[]): number {
  const counted = new Set(walks.map(({ phase, journey }) => `${phase}\n${journey}`));
  const ended = view.pace.reduce((sum, { cell: [phase, journey, , , done, cut] }) => sum + (counted.has(`${phase}\n${journey}`) ? done + cut : 0), 0);
  return Math.max(0, ended - walks.length);
}

/** One failure on one line: `GET /items: status 503`. */
const sayFailure = ({ step, request, cause }: Failure & { readonly step: string }): string => `${request ?? (step || "the walk")}: ${cause}`;

/** Why an attempt was not ok, on one line. */
export function sayAttempt({ outcome, failures = [] }: WalkLine): string {
  if (outcome === "ok") return "ok";
  if (outcome === "cut") return "cut: the run ended first";
  return failures.length === 0 ? outcome : failures.map(sayFailure).join("; ");
}

/** An attempt's failures in full, for people and for an element's text. */
export function tellAttempt(line: WalkLine): string {
  const facts = (line.failures ?? []).flatMap((failure) => [
    sayFailure(failure),
    failure.status !== undefined && `  status: ${failure.status}`,
    failure.error !== undefined && `  error: ${failure.error}`,
    failure.spent !== undefined && `  its time: ${failure.spent}`,
    failure.body !== undefined && failure.body !== "" && `  body: ${failure.body}`,
    ...(failure.artifacts ?? []).map(({ name, path }) => `  ${name}: ${path}`),
  ]);
  return [`attempt ${line.attempt + 1}, user ${line.user}, ${sayMs(line.ms)}: ${line.outcome}`, ...facts].filter(Boolean).join("\n");
}

export const artifactsOf = (line: WalkLine): readonly Artifact[] => (line.failures ?? []).flatMap(({ artifacts = [] }) => artifacts);

/** A path that a page may link to: beside it, and no address of its own. */
export function linkTo(path: string): string | undefined {
  if (!/^[\w.@-][\w.@ /-]*$/.test(path) && !/^(\.\.\/)+[\w.@-][\w.@ /-]*$/.test(path)) return undefined;
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Walks that did not pass at once, those that failed first. */
export function walksTable(view: LedgerView): Table {
  const rows = countedWalks(view).filter(({ result }) => result !== "passed").sort((a, b) => order.indexOf(a.result) - order.indexOf(b.result));
  return {
    caption: "Walks that did not pass at once",
    columns: [{ head: "Walk" }, { head: "Result" }, { head: "Attempts", number: true }, { head: "Phase" }, { head: "First failure" }],
    rows: rows.map((walk): Row => ({
      cells: [
        { text: walkName(walk) }, { text: walk.result }, { text: String(walk.attempts.length), value: walk.attempts.length },
        { text: view.phases[walk.phase]?.name ?? String(walk.phase) }, { text: sayAttempt(walk.attempts.find(({ outcome }) => outcome !== "ok")!) },
      ],
    })),
  };
}
