import { createHistogram, PerformanceObserver, type PerformanceObserverEntryList } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { type MachineLook, watchMachine } from "./machine.ts";

/** How this thread is doing, since the last look. What the system does not say is undefined. */
export interface SelfReading {
  /** How late the event loop's timers rang: 99th percentile and worst, ms. */
  readonly lagMs: number;
  readonly lagMaxMs: number;
  /** CPU as a share of one core. */
  readonly cpu: number;
  /** Ready to run, and no CPU free for it, ms. */
  readonly waitedMs: number | undefined;
  /** It neither ran nor waited for a CPU: it was stopped, or the machine slept, or a call blocked it, ms. */
  readonly stoppedMs: number;
  /** The wall clock went so much further than time did, ms; negative when it was set back. */
  readonly clockMs: number;
  /** Pauses for garbage collection: all of them, and the longest, ms. */
  readonly gcMs: number;
  readonly gcMaxMs: number;
  readonly heapMb: number;
  /** The heap as a share of what it may become. */
  readonly heap: number;
  /** Memory of the whole process; undefined for want of a descriptor. */
  readonly rssMb: number | undefined;
  readonly descriptors: MachineLook["descriptors"];
  readonly sockets: MachineLook["sockets"];
  /** Of all CPUs of the machine: the share in use, and the share that the hypervisor gave to others. */
  readonly machine: { readonly busy: number; readonly stolen: number } | undefined;
}

export interface SelfWatch {
  read(): SelfReading;
  stop(): void;
}

/** How often a timer rings that shows how late timers are. */
const beatMs = 10;
/** Of one stall; it is marked long before. */
const mostBeats = 1_000;
/** Who stood still for less may just have been busy. */
const stoppedFromMs = 1_000;

/** Counters that only grow, at one moment. */
interface Look {
  readonly nowMs: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly waitedMs: number | undefined;
  readonly ticks: MachineLook["ticks"];
}

function lookOf({ thread, ticks }: MachineLook): Look {
  const used = thread ? undefined : process.cpuUsage();
  return {
    nowMs: performance.now(), wallMs: Date.now(),
    cpuMs: thread?.cpuMs ?? (used!.user + used!.system) / 1_000,
    waitedMs: thread?.waitedMs, ticks,
  };
}

function rssMb(): number | undefined {
  try {
    return process.memoryUsage.rss() / 1_048_576;
  } catch {
    return undefined;
  }
}

/** What passed between two looks. */
export function passed(before: Look, after: Look, lagMaxMs: number): Pick<SelfReading, "cpu" | "waitedMs" | "stoppedMs" | "clockMs" | "machine"> {
  const lengthMs = after.nowMs - before.nowMs;
  const cpuMs = after.cpuMs - before.cpuMs;
  const waitedMs = after.waitedMs === undefined || before.waitedMs === undefined ? undefined : after.waitedMs - before.waitedMs;
  const ticks = before.ticks && after.ticks && { all: after.ticks.all - before.ticks.all, busy: after.ticks.busy - before.ticks.busy, stolen: after.ticks.stolen - before.ticks.stolen };
  return {
    cpu: lengthMs > 0 ? cpuMs / lengthMs : 0,
    waitedMs,
    stoppedMs: lagMaxMs >= stoppedFromMs && cpuMs + (waitedMs ?? 0) < lagMaxMs / 2 ? lagMaxMs : 0,
    clockMs: after.wallMs - before.wallMs - lengthMs,
    machine: ticks && ticks.all > 0 ? { busy: ticks.busy / ticks.all, stolen: ticks.stolen / ticks.all } : undefined,
  };
}

/**
 * How late timers ring, since the last take. Every beat counts that was due, also those that a stall
 * swallowed: one long stall must not weigh as much as one punctual beat. (Node's own monitor counts
 * what rang, and forgets the beat that a reset falls into.)
 */
function watchLag(): { take(): { lagMs: number; lagMaxMs: number }; stop(): void } {
  const late = createHistogram();
  let latestMs = performance.now();
  const record = (nowMs: number) => {
    let [lateMs, beats] = [nowMs - latestMs - beatMs, 0];
    do late.record(Math.max(1, Math.round(lateMs * 1e6)));
    while ((lateMs -= beatMs) > 0 && ++beats < mostBeats);
  };
  const timer = setInterval(() => {
    const nowMs = performance.now();
    record(nowMs);
    latestMs = nowMs;
  }, beatMs).unref();
  return {
    take() {
      // A beat that should have come by now is late already.
      const nowMs = performance.now();
      if (nowMs > latestMs + beatMs) record(nowMs);
      const taken = late.count > 0 ? { lagMs: late.percentile(99) / 1e6, lagMaxMs: late.max / 1e6 } : { lagMs: 0, lagMaxMs: 0 };
      late.reset();
      return taken;
    },
    stop: () => clearInterval(timer),
  };
}

/** Pauses for garbage collection of this thread, since the last take. */
function watchPauses(): { take(): { gcMs: number; gcMaxMs: number }; stop(): void } {
  let [gcMs, gcMaxMs] = [0, 0];
  const add = (entries: ReturnType<PerformanceObserverEntryList["getEntries"]>) => {
    for (const { duration } of entries) {
      gcMs += duration;
      if (duration > gcMaxMs) gcMaxMs = duration;
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  return {
    take() {
      add(observer.takeRecords());
      const taken = { gcMs, gcMaxMs };
      [gcMs, gcMaxMs] = [0, 0];
      return taken;
    },
    stop: () => observer.disconnect(),
  };
}

/**
 * Watches the thread that calls it: a generator that can't keep up must not be believed. A look
 * costs a fraction of a millisecond, however much is open; once a second is what it is made for.
 */
export function watchSelf(): SelfWatch {
  const lag = watchLag();
  const pauses = watchPauses();
  const machine = watchMachine();
  let before = lookOf(machine.look());
  return {
    read() {
      const seen = machine.look();
      const after = lookOf(seen);
      const { lagMs, lagMaxMs } = lag.take();
      const heap = getHeapStatistics();
      const reading = {
        lagMs, lagMaxMs,
        ...passed(before, after, lagMaxMs),
        ...pauses.take(),
        heapMb: heap.used_heap_size / 1_048_576,
        heap: heap.used_heap_size / heap.heap_size_limit,
        rssMb: rssMb(),
        descriptors: seen.descriptors, sockets: seen.sockets,
      };
      before = after;
      return reading;
    },
    stop() {
      lag.stop();
      pauses.stop();
      machine.close();
    },
  };
}
