/**
 * What the system gives this process, and how much of it is taken; what it does not say is undefined
 * (most of it comes from Linux's /proc).
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";

const chunk = Buffer.alloc(1_024);

/** A file of /proc, kept open: when descriptors are out, a look at how many there are must still be possible. */
class Source {
  readonly #fd: number | undefined;

  constructor(path: string) {
    try {
      this.#fd = openSync(path, "r");
    } catch {
      this.#fd = undefined;
    }
  }

  /** Its first kilobyte, as it is now; empty where there is no such file. */
  read(): string {
    try {
      return this.#fd === undefined ? "" : chunk.toString("latin1", 0, readSync(this.#fd, chunk, 0, chunk.length, 0));
    } catch {
      return "";
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}

function once<T>(path: string, parse: (text: string) => T): T {
  const source = new Source(path);
  try {
    return parse(source.read());
  } finally {
    source.close();
  }
}

/** How many files and sockets this process may have open; Infinity without a limit. */
export function descriptorLimit(): number | undefined {
  const soft = once("/proc/self/limits", (text) => /^Max open files\s+(\w+)/m.exec(text)?.[1]) ?? reportedLimit();
  return soft === undefined ? undefined : soft === "unlimited" ? Infinity : Number(soft);
}

function reportedLimit(): string | undefined {
  // A report with the network in it asks the DNS for a name of every open connection.
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  return userLimits?.open_files?.soft.toString();
}

/**
 * How many are open. Linux tells since 6.2; elsewhere it is the lowest free number, which is at most
 * as many. Undefined when even that look finds none free.
 */
function openDescriptors(): number | undefined {
  try {
    const { size } = statSync("/proc/self/fd");
    if (size > 0) return size;
  } catch {
    // Not Linux.
  }
  try {
    const free = openSync("/dev/null", "r");
    closeSync(free);
    return free;
  } catch {
    return undefined;
  }
}

/** The range that connections to one address and port take their local ports from. */
export function localPorts(): { readonly from: number; readonly to: number; readonly count: number } | undefined {
  const [from, to] = once("/proc/sys/net/ipv4/ip_local_port_range", (text) => text.trim().split(/\s+/).map(Number));
  return from && to ? { from, to, count: to - from + 1 } : undefined;
}

export interface MachineLook {
  /** Open files and sockets of the process, and how many it may have. */
  readonly descriptors: { readonly open: number; readonly limit: number } | undefined;
  /** TCP sockets of the machine (of its network namespace), closed ones that wait for their minute to pass included; and the local ports that connections to one address can have. */
  readonly sockets: { readonly tcp: number; readonly ports: number } | undefined;
  /** What this thread had of a CPU, and how long it was ready and waited for one, ms since it began. */
  readonly thread: { readonly cpuMs: number; readonly waitedMs: number } | undefined;
  /** Ticks of all CPUs since the machine began: all, those in use, those that the hypervisor gave to others. */
  readonly ticks: { readonly all: number; readonly busy: number; readonly stolen: number } | undefined;
}

/**
 * Looks at the machine from the thread that calls it. A look costs some tens of microseconds, however
 * many connections are open, and needs no free descriptor.
 */
export function watchMachine(): { look(): MachineLook; close(): void } {
  const sources = { schedstat: new Source("/proc/thread-self/schedstat"), stat: new Source("/proc/stat"), sockstat: new Source("/proc/net/sockstat") };
  const limit = descriptorLimit();
  const ports = localPorts()?.count;
  return {
    look() {
      const tcp = tcpOf(sources.sockstat.read());
      return {
        descriptors: limit === undefined ? undefined : { open: Math.min(openDescriptors() ?? limit, limit), limit },
        sockets: tcp === undefined || ports === undefined ? undefined : { tcp, ports },
        thread: threadOf(sources.schedstat.read()),
        ticks: ticksOf(sources.stat.read()),
      };
    },
    close() {
      for (const source of Object.values(sources)) source.close();
    },
  };
}

function tcpOf(sockstat: string): number | undefined {
  const used = /^TCP: inuse (\d+) orphan \d+ tw (\d+)/m.exec(sockstat);
  return used ? Number(used[1]) + Number(used[2]) : undefined;
}

function threadOf(schedstat: string): MachineLook["thread"] {
  const [cpuNs, waitedNs] = schedstat.split(" ").map(Number);
  return cpuNs !== undefined && waitedNs !== undefined ? { cpuMs: cpuNs / 1e6, waitedMs: waitedNs / 1e6 } : undefined;
}

function ticksOf(stat: string): MachineLook["ticks"] {
  const line = /^cpu +([\d ]+)/.exec(stat)?.[1];
  if (line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, stolen = 0] = line.split(" ").map(Number);
  const busy = user + nice + system + irq + softirq + stolen;
  return { all: busy + idle + waiting, busy, stolen };
}

/** What this process may use at the most: memory in MB, and cores. */
export function machineSize(): { readonly memoryMb: number; readonly cores: number } {
  // Outside a container the first is 0 or more than there is.
  const limit = process.constrainedMemory();
  return { memoryMb: (limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 1_048_576, cores: availableParallelism() };
}
