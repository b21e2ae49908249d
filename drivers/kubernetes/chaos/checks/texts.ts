/** The texts that Chaos Mesh reads: times as Go writes them, shares, rates, sizes, cron. */
import { flaw, type Fields, type Flaws } from "./flaw.ts";

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, "µs": 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const goTime = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/;

/** Milliseconds of a time as Go writes it, such as `"1h30m"`; undefined for any other text. */
export function goMs(text: unknown): number | undefined {
  if (text === "0") return 0;
  if (typeof text !== "string" || !goTime.test(text)) return undefined;
  const ms = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[unit!]!, 0);
  return text.startsWith("-") ? -ms : ms;
}

export function* time(spec: Fields, field: string, { positive = true } = {}): Flaws {
  const text = spec[field];
  if (text === undefined || text === "") return;
  const ms = goMs(text);
  if (ms === undefined) yield flaw(field, `'${String(text)}' is not a time as Go reads it`, 'write "200ms", "30s", "5m" or "1h30m"; there are no days');
  else if (positive && ms <= 0) yield flaw(field, `'${String(text)}' is not longer than nothing`, 'write a time such as "30s"');
}

/** Percentages from 0 to 100, as texts without a sign. */
export function* shares(spec: Fields, ...fields: readonly string[]): Flaws {
  for (const field of fields) {
    const text = spec[field];
    if (text === undefined || text === "") continue;
    if (!/^\d+(\.\d+)?$/.test(String(text)) || Number(text) > 100) yield flaw(field, `'${String(text)}' is not a percentage`, 'write a number from 0 to 100 as a text without a sign: "25"');
  }
}

export function* rate(spec: Fields, field: string): Flaws {
  const text = spec[field];
  if (text === undefined) return;
  if (!/^\s*\d+\s*([kmgt]?(bit|bps))\s*$/i.test(String(text))) yield flaw(field, `'${String(text)}' is not a rate`, 'write a whole number and one of bit, kbit, mbit, gbit, tbit, bps, kbps, mbps, gbps, tbps: "10mbps"');
}

export function* size(spec: Fields, field: string): Flaws {
  const text = spec[field];
  if (text === undefined || text === "") return;
  const share = /^(\d+)%$/.exec(String(text));
  if (share ? Number(share[1]) > 100 : !/^\d+(\.\d+)? ?([kmgtp]i?)?b?$/i.test(String(text))) yield flaw(field, `'${String(text)}' is not a size`, 'write "256MB" or "50%"');
}

export function* cron(spec: Fields, field: string): Flaws {
  const text = String(spec[field] ?? "");
  const mend = 'write five fields (minute to weekday), six with seconds first, or "@every 5s"';
  const bad = (why: string) => flaw(field, `'${text}' is not a schedule: ${why}`, mend);
  const beat = text.replace(/^(CRON_)?TZ=\S+\s+/, "").trim();
  if (beat.startsWith("@")) {
    const every = /^@every\s+(\S+)$/.exec(beat);
    if (every ? (goMs(every[1]) ?? 0) < 1_000 : !/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(beat)) yield bad("no such beat, or shorter than a second");
    return;
  }
  const fields = beat.split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) return void (yield bad(`it has ${beat === "" ? 0 : fields.length} fields`));
  const bounds = [[0, 59], [0, 59], [0, 23], [1, 31], [1, 12], [0, 6]].slice(6 - fields.length) as [number, number][];
  for (const [index, part] of fields.entries()) if (!fits(part, bounds[index]!)) return void (yield bad(`'${part}' is out of place`));
}

const names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** One field of a cron text: lists of numbers, ranges and steps. */
function fits(part: string, [least, most]: readonly [number, number]): boolean {
  const number = (text: string) => (/^\d+$/.test(text) ? Number(text) : most === 12 ? names.indexOf(text.toLowerCase()) + 1 || NaN : most === 6 && days.includes(text.toLowerCase()) ? days.indexOf(text.toLowerCase()) : NaN);
  return part.split(",").every((one) => {
    const [range, step, ...more] = one.split("/") as [string, string | undefined];
    if (more.length > 0 || (step !== undefined && !(Number(step) >= 1 && /^\d+$/.test(step)))) return false;
    if (range === "*" || range === "?") return true;
    const ends = range.split("-").map(number);
    return ends.length <= 2 && ends.every((end) => end >= least && end <= most) && (ends[1] ?? Infinity) >= ends[0]!;
  });
}
