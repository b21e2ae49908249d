/**
 * A latency histogram: log-linear buckets over microseconds, 64 to the octave, so that the middle
 * of a bucket is within 0.8 % of every value in it. It is bounded (whatever was recorded), adds up
 * exactly, and packs into a short text.
 *
 * Ours, because the ledger's size and the recorder's speed hang on it: a record is two shifts
 * and an increment, and a second of fifty samples packs into about a hundred characters.
 */
const bitsPerOctave = 6;
const perOctave = 1 << bitsPerOctave;
/** Below this every microsecond has its own bucket. */
const exactBelow = perOctave * 2;
/** Longer times count as this: 71 minutes. */
const mostUs = 0xffff_ffff;

const bucketCount = bucketOf(mostUs) + 1;

function bucketOf(us: number): number {
  if (us < exactBelow) return us;
  const shift = 31 - bitsPerOctave - Math.clz32(us);
  return shift * perOctave + (us >>> shift);
}

/** The least and the most microseconds of a bucket. */
function edgesOf(bucket: number): readonly [number, number] {
  if (bucket < exactBelow) return [bucket, bucket];
  const shift = Math.floor(bucket / perOctave) - 1;
  const least = (bucket - shift * perOctave) * 2 ** shift;
  return [least, least + 2 ** shift - 1];
}

export class Histogram {
  readonly #counts = new Float64Array(bucketCount);
  #low = bucketCount;
  #high = -1;
  #count = 0;
  #sumUs = 0;
  #maxUs = 0;

  get count(): number {
    return this.#count;
  }
  /** Exact, not from buckets. */
  get maxMs(): number {
    return this.#maxUs / 1_000;
  }
  /** Exact to the microsecond, not from buckets. NaN when empty. */
  get meanMs(): number {
    return this.#sumUs / this.#count / 1_000;
  }

  record(ms: number): void {
    let us = Math.round(ms * 1_000);
    if (!(us > 0)) us = 0;
    else if (us > mostUs) us = mostUs;
    const bucket = bucketOf(us);
    this.#counts[bucket]! += 1;
    if (bucket < this.#low) this.#low = bucket;
    if (bucket > this.#high) this.#high = bucket;
    this.#count += 1;
    this.#sumUs += us;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /** The value that `fraction` (0 to 1) of the samples do not exceed, in ms; NaN when empty. */
  quantileMs(fraction: number): number {
    if (this.#count === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(fraction * this.#count - 1e-9));
    let seen = 0;
    for (let bucket = this.#low; bucket <= this.#high; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) {
        const [least, most] = edgesOf(bucket);
        return Math.min((least + most) / 2, this.#maxUs) / 1_000;
      }
    }
    return this.maxMs;
  }

  /** Filled buckets from low to high, in ms. */
  *buckets(): Generator<{ readonly fromMs: number; readonly toMs: number; readonly count: number }> {
    for (let bucket = this.#low; bucket <= this.#high; bucket++) {
      const count = this.#counts[bucket]!;
      if (count === 0) continue;
      const [least, most] = edgesOf(bucket);
      yield { fromMs: least / 1_000, toMs: (most + 1) / 1_000, count };
    }
  }

  add(other: Histogram): void {
    for (let bucket = other.#low; bucket <= other.#high; bucket++) this.#counts[bucket]! += other.#counts[bucket]!;
    this.#stretch(other.#low, other.#high, other.#count, other.#sumUs, other.#maxUs);
  }

  clear(): void {
    if (this.#high >= 0) this.#counts.fill(0, this.#low, this.#high + 1);
    this.#low = bucketCount;
    this.#high = -1;
    this.#count = this.#sumUs = this.#maxUs = 0;
  }

  /** Sum, maximum and buckets, as one text; "" when empty. */
  pack(): string {
    if (this.#count === 0) return "";
    const bytes: number[] = [];
    putVarint(bytes, this.#sumUs);
    putVarint(bytes, this.#maxUs);
    let previous = 0;
    for (let bucket = this.#low; bucket <= this.#high; bucket++) {
      const count = this.#counts[bucket]!;
      if (count === 0) continue;
      // One token a bucket: the gap, and one bit that says whether a count follows; most counts are 1.
      putVarint(bytes, (bucket - previous) * 2 + (count > 1 ? 1 : 0));
      if (count > 1) putVarint(bytes, count);
      previous = bucket;
    }
    return Buffer.from(bytes).toString("base64");
  }

  /** Adds what `pack` wrote. Answers false, and adds nothing, when the text is not a histogram's. */
  addPacked(text: string): boolean {
    if (text === "") return true;
    const bytes = Buffer.from(text, "base64");
    const cursor = { at: 0 };
    const sumUs = takeVarint(bytes, cursor);
    const maxUs = takeVarint(bytes, cursor);
    const found: number[] = [];
    let bucket = 0;
    while (cursor.at < bytes.length) {
      const token = takeVarint(bytes, cursor);
      bucket += Math.floor(token / 2);
      const count = token % 2 === 1 ? takeVarint(bytes, cursor) : 1;
      if (!(bucket < bucketCount) || !(count >= 1)) return false;
      found.push(bucket, count);
    }
    if (found.length === 0 || !(sumUs >= 0) || !(maxUs >= 0)) return false;
    let total = 0;
    for (let i = 0; i < found.length; i += 2) {
      this.#counts[found[i]!]! += found[i + 1]!;
      total += found[i + 1]!;
    }
    this.#stretch(found[0]!, found[found.length - 2]!, total, sumUs, maxUs);
    return true;
  }

  #stretch(low: number, high: number, count: number, sumUs: number, maxUs: number): void {
    if (low < this.#low) this.#low = low;
    if (high > this.#high) this.#high = high;
    this.#count += count;
    this.#sumUs += sumUs;
    if (maxUs > this.#maxUs) this.#maxUs = maxUs;
  }
}

function putVarint(bytes: number[], value: number): void {
  while (value >= 0x80) {
    bytes.push((value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  bytes.push(value);
}

/** NaN when the bytes end too early. */
function takeVarint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let scale = 1; cursor.at < bytes.length; scale *= 0x80) {
    const byte = bytes[cursor.at++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
  return Number.NaN;
}
