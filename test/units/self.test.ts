import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { realClock } from "../../src/units/clock.ts";
import { descriptorLimit, localPorts, watchMachine } from "../../src/units/machine.ts";
import { passed, watchSelf } from "../../src/units/self.ts";

const clock = realClock();
const isLinux = process.platform === "linux";
const look = (more: object = {}) => ({ nowMs: 0, wallMs: 0, cpuMs: 0, waitedMs: 0, ticks: { all: 0, busy: 0, stolen: 0 }, ...more });

function busy(ms: number): void {
  for (const endMs = clock.now() + ms; clock.now() < endMs; );
}

test.each([
  ["one that idles", {}, 1, { cpu: 0, waitedMs: 0, stoppedMs: 0, clockMs: 0 }],
  ["one that computes", { cpuMs: 950 }, 950, { cpu: 0.95, stoppedMs: 0 }],
  ["one that waits for a CPU", { cpuMs: 100, waitedMs: 1_800, nowMs: 2_000, wallMs: 2_000 }, 1_900, { waitedMs: 1_800, stoppedMs: 0 }],
  ["one that was stopped", { nowMs: 3_000, wallMs: 3_000, cpuMs: 60, waitedMs: 10 }, 2_000, { stoppedMs: 2_000, clockMs: 0 }],
  ["one that was busy for long", { nowMs: 3_000, wallMs: 3_000, cpuMs: 2_400 }, 2_000, { stoppedMs: 0 }],
  ["a machine that slept, which stops time but not the wall clock", { wallMs: 61_000 }, 3, { clockMs: 60_000, stoppedMs: 0 }],
  ["a clock that was set back", { wallMs: -2_600 }, 3, { clockMs: -3_600 }],
  ["a machine that others use", { ticks: { all: 200, busy: 190, stolen: 20 } }, 1, { machine: { busy: 0.95, stolen: 0.1 } }],
  ["a system that says little", { waitedMs: undefined, ticks: undefined }, 1, { waitedMs: undefined, machine: undefined }],
])("%s", (_name, after, lagMaxMs, expected) => {
  expect(passed(look(), look({ nowMs: 1_000, wallMs: 1_000, ...after }), lagMaxMs)).toMatchObject(expected);
});

test("a stall is seen wherever it begins, and weighs as much as it lasts", async () => {
  const self = watchSelf();
  try {
    await clock.sleep(50);
    self.read();
    // At once after a look, before any timer has rung.
    busy(300);
    await clock.sleep(700);
    const { lagMs, lagMaxMs } = self.read();
    expect(lagMaxMs).toBeGreaterThan(270);
    expect(lagMs).toBeGreaterThan(250);
    // Still under way at the look.
    busy(200);
    expect(self.read().lagMaxMs).toBeGreaterThan(170);
  } finally {
    self.stop();
  }
});

test("garbage that is collected shows as pauses, once", async () => {
  const self = watchSelf();
  try {
    self.read();
    let kept: unknown[] = [];
    for (let turn = 0; turn < 40; turn++) kept = [kept, Array.from({ length: 20_000 }, (_, i) => ({ i }))];
    await clock.sleep(20);
    const { gcMs, gcMaxMs, heapMb, heap, rssMb } = self.read();
    expect(gcMs).toBeGreaterThan(0);
    expect(gcMaxMs).toBeLessThanOrEqual(gcMs);
    expect(heapMb).toBeGreaterThan(1);
    expect(heap).toBeGreaterThan(0);
    expect(heap).toBeLessThan(1);
    expect(rssMb).toBeGreaterThan(heapMb);
    expect(kept).toHaveLength(2);
  } finally {
    self.stop();
  }
});

test.runIf(isLinux)("counts what is open, and what of the machine is used", async () => {
  const machine = watchMachine();
  const server = createServer().listen(0, "127.0.0.1");
  const sockets: Socket[] = [];
  try {
    await new Promise((resolve) => server.once("listening", resolve));
    const before = machine.look();
    for (let count = 0; count < 50; count++) {
      const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
      await new Promise((resolve) => socket.once("connect", resolve));
      sockets.push(socket);
    }
    const after = machine.look();
    expect(after.descriptors!.open - before.descriptors!.open).toBeGreaterThanOrEqual(50);
    expect(after.descriptors!.limit).toBe(descriptorLimit());
    expect(after.sockets!.tcp).toBeGreaterThanOrEqual(100);
    expect(after.sockets!.ports).toBe(localPorts()!.to - localPorts()!.from + 1);
    expect(after.thread!.cpuMs).toBeGreaterThan(before.thread!.cpuMs);
    expect(after.ticks!.all).toBeGreaterThan(0);
    expect(after.ticks!.busy).toBeLessThanOrEqual(after.ticks!.all);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    machine.close();
  }
});

test.runIf(isLinux)("each thread sees its own CPU", async () => {
  const file = new URL("../../src/units/self.ts", import.meta.url).href;
  const code = `
    const { parentPort } = require("node:worker_threads");
    import(${JSON.stringify(file)}).then(({ watchSelf }) => {
      const self = watchSelf();
      for (const end = performance.now() + 300; performance.now() < end; );
      const { cpu, waitedMs } = self.read();
      self.stop();
      parentPort.postMessage({ cpu, waitedMs });
    });`;
  const self = watchSelf();
  try {
    const worker = new Worker(code, { eval: true });
    const { cpu, waitedMs } = await new Promise<{ cpu: number; waitedMs: number }>((resolve, reject) => worker.once("message", resolve).once("error", reject));
    // Whatever it did not compute it waited for; a busy machine gives it less.
    expect(cpu * 300 + waitedMs).toBeGreaterThan(200);
    expect(self.read().cpu).toBeLessThan(availableParallelism());
    await worker.terminate();
  } finally {
    self.stop();
  }
});

test("a look is cheap, however often", () => {
  const self = watchSelf();
  const fromMs = clock.now();
  for (let turn = 0; turn < 100; turn++) self.read();
  expect((clock.now() - fromMs) / 100).toBeLessThan(10);
  self.stop();
});
