/** Features that older Node versions call experimental and that this package rests on. */
const expected = /type stripping|sqlite/i;

let hushed = false;

/** Keeps Node from warning about them, and about nothing else. */
export function hushExperiments(): void {
  if (hushed) return;
  hushed = true;
  const emit = process.emitWarning.bind(process) as (...all: unknown[]) => void;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    const [options] = rest;
    const type = typeof options === "string" ? options : (options as { type?: string } | undefined)?.type;
    const isExperiment = type === "ExperimentalWarning" || (warning instanceof Error && warning.name === "ExperimentalWarning");
    if (isExperiment && expected.test(String(warning))) return;
    emit(warning, ...rest);
  }) as typeof process.emitWarning;
}
