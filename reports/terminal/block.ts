import type { Progress } from "../../src/model/progress.ts";
import type { StormStep } from "../../src/model/storm.ts";
import { sayMs } from "../../src/units/duration.ts";
import { plainLine } from "../escape.ts";
import { sayCount, sayLatency, sayRate, sayShare } from "../numbers.ts";
import type { Paint } from "./manner.ts";
import { fit } from "./width.ts";

const stormWords: Readonly<Record<StormStep, string>> = {
  aim: "aiming", inject: "striking", injected: "struck", harmed: "the harm is seen", mending: "being mended", mended: "mended, not whole yet",
  recovered: "whole again", overdue: "overdue", relieved: "relieved by hand", healing: "healing", healed: "healed", unhealed: "NOT HEALED", error: "went wrong, healing follows",
};

function numbersOf(progress: Progress): string[] {
  return [
    sayRate(progress.perSecond), `p50 ${sayLatency(progress.p50Ms)}`, `p95 ${sayLatency(progress.p95Ms)}`, `errors ${sayShare(progress.errors)}`,
    `users ${sayCount(progress.users)}`, `dropped ${sayCount(progress.dropped)}`, ...(progress.slow ? ["GENERATOR BEHIND"] : []),
  ];
}

function stormOf(progress: Progress): string | undefined {
  const { storm } = progress;
  return storm && `${plainLine(storm.harm)}: ${stormWords[storm.step]}, ${sayMs(storm.sinceMs)} of ${sayMs(storm.withinMs)} allowed`;
}

/** The few lines that are drawn again and again. */
export function block(progress: Progress, paint: Paint, columns: number): string[] {
  const { phase } = progress;
  const place = `${phase.index + 1}/${phase.count}`;
  const left = phase.forMs === undefined ? `${sayMs(phase.elapsedMs)} so far` : `${sayMs(Math.max(0, phase.forMs - phase.elapsedMs))} left`;
  const room = columns - 1;
  const barWidth = Math.min(24, Math.max(8, room - 48));
  const bar = phase.forMs === undefined ? "" : `  ${drawBar(phase.elapsedMs / phase.forMs, barWidth)}`;
  const name = fit(plainLine(phase.name), Math.max(8, room - place.length - bar.length - left.length - 4));
  const storm = stormOf(progress);
  const lines = [
    paint("bold", fit(`${place} ${name}${bar}  ${left}`, room)),
    paint(progress.errors > 0 || progress.slow ? "yellow" : "reset", fit(`  ${numbersOf(progress).join("  ")}`, room)),
  ];
  if (storm !== undefined) lines.push(paint(progress.storm!.step === "overdue" || progress.storm!.step === "unhealed" ? "red" : "magenta", fit(`  storm  ${storm}`, room)));
  return lines;
}

function drawBar(fraction: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** The same on one line, for logs. */
export function plainProgress(progress: Progress): string {
  const { phase } = progress;
  const storm = stormOf(progress);
  return [`[${sayMs(progress.tMs)}]`, `${phase.index + 1}/${phase.count} ${plainLine(phase.name)}`, ...numbersOf(progress), ...(storm === undefined ? [] : [`storm: ${storm}`])].join("  ");
}
