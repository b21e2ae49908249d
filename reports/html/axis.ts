/** Where the lines of an axis stand, and where a value falls between its ends (0 to 1). */
export interface Axis {
  readonly ticks: readonly number[];
  readonly log: boolean;
  readonly place: (value: number) => number;
}

const roundSteps = [1, 2, 2.5, 5, 10];

/** From zero to a round number above `most`, in four to six steps. */
export function linearAxis(most: number, whole = false): Axis {
  const rough = Math.max(most, 1e-9) / 5;
  const scale = 10 ** Math.floor(Math.log10(rough));
  let step = (roundSteps.find((one) => one * scale >= rough * 0.999) ?? 10) * scale;
  if (whole) step = Math.max(1, Math.ceil(step));
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  const top = ticks.at(-1)!;
  return { ticks, log: false, place: (value) => Math.min(1, Math.max(0, value / top)) };
}

/** Decades around `least` to `most`, with 2 and 5 between them where there is room. */
export function logAxis(least: number, most: number): Axis {
  const [low, high] = [Math.floor(Math.log10(least)), Math.max(Math.ceil(Math.log10(most) - 1e-9), Math.floor(Math.log10(least)) + 1)];
  const between = high - low <= 2 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = low; power < high; power++) for (const one of between) ticks.push(Number((one * 10 ** power).toPrecision(3)));
  ticks.push(Number((10 ** high).toPrecision(3)));
  return { ticks, log: true, place: (value) => Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low))) };
}

/** Latency spans from cached to timed out: one linear axis would flatten everything but the worst. */
export function latencyAxis(values: readonly number[]): Axis {
  const known = values.filter((value) => value > 0);
  const least = known.reduce((low, value) => Math.min(low, value), Infinity);
  const most = known.reduce((high, value) => Math.max(high, value), 0);
  return most / least > 40 ? logAxis(least, most) : linearAxis(most || 1);
}

const timeSteps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/** Round moments of the run, in seconds, at most nine. */
export function timeTicks(lengthS: number): number[] {
  const step = timeSteps.find((one) => lengthS / one <= 8) ?? Math.ceil(lengthS / 8 / 86_400) * 86_400;
  return Array.from({ length: Math.floor(lengthS / step) + 1 }, (_, i) => i * step);
}
