import type { HealthLine } from "../ledger/lines.ts";
import { isSlow } from "../ledger/strains.ts";
import type { SelfReading } from "../units/self.ts";

const tenth = (value: number) => Math.round(value * 10) / 10;
const thousandth = (value: number) => Math.round(value * 1_000) / 1_000;

/** What a look at itself has shown, as a line of the main thread or a worker; what is nothing, or not known, is left out. */
export function healthLine(s: number, reading: SelfReading, lacks: HealthLine["lacks"], worker?: number): HealthLine {
  const { descriptors, sockets, machine } = reading;
  const some = <Name extends string>(name: Name, value: number | undefined) => (value ? ({ [name]: value } as { [key in Name]: number }) : undefined);
  const line: HealthLine = {
    k: "health", s, ...(worker !== undefined && { worker }), lagMs: tenth(reading.lagMs), lagMaxMs: tenth(reading.lagMaxMs), cpu: thousandth(reading.cpu), heapMb: tenth(reading.heapMb), slow: false,
    heap: thousandth(reading.heap),
    ...some("rssMb", tenth(reading.rssMb ?? 0)),
    ...some("gcMs", tenth(reading.gcMs)),
    ...some("gcMaxMs", tenth(reading.gcMaxMs)),
    ...some("waitedMs", tenth(reading.waitedMs ?? 0)),
    ...some("stoppedMs", tenth(reading.stoppedMs)),
    ...some("clockMs", Math.round(reading.clockMs)),
    // JSON knows no Infinity: without a limit there is nothing to compare with.
    ...(descriptors && Number.isFinite(descriptors.limit) && { descriptors: [descriptors.open, descriptors.limit] as const }),
    ...(sockets && { sockets: [sockets.tcp, sockets.ports] as const }),
    ...some("busy", thousandth(machine?.busy ?? 0)),
    ...some("stolen", thousandth(machine?.stolen ?? 0)),
    ...(lacks && { lacks }),
  };
  return { ...line, slow: isSlow(line) };
}
