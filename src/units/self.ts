import { monitorEventLoopDelay } from "node:perf_hooks";

/** How this process itself is doing, since the last look. */
export interface SelfReading {
  /** How late the event loop's timers rang: 99th percentile and worst, ms. */
  readonly lagMs: number;
  readonly lagMaxMs: number;
  /** CPU as a share of one core. */
  readonly cpu: number;
  readonly heapMb: number;
}

export interface SelfWatch {
  read(): SelfReading;
  stop(): void;
}

/** The timer of Node's monitor rings at this beat; its own period is no lateness. */
const beatMs = 10;

/** Watches this process: a generator that can't keep up must not be believed. */
export function watchSelf(): SelfWatch {
  const delay = monitorEventLoopDelay({ resolution: beatMs });
  delay.enable();
  let cpu = process.cpuUsage();
  let atNs = process.hrtime.bigint();
  const late = (ns: number) => Math.max(0, ns / 1e6 - beatMs);
  return {
    read() {
      const nowNs = process.hrtime.bigint();
      const used = process.cpuUsage(cpu);
      const wallUs = Number(nowNs - atNs) / 1_000;
      const reading = {
        lagMs: late(delay.percentile(99)),
        lagMaxMs: late(delay.max),
        cpu: wallUs > 0 ? (used.user + used.system) / wallUs : 0,
        heapMb: process.memoryUsage().heapUsed / 1_048_576,
      };
      delay.reset();
      cpu = process.cpuUsage();
      atNs = nowNs;
      return reading;
    },
    stop: () => void delay.disable(),
  };
}
