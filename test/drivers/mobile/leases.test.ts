import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Devices } from "../../../drivers/mobile/devices.ts";
import { realClock } from "../../../src/units/clock.ts";

const clock = realClock();
const asking = (queueMs: number, signal = new AbortController().signal) => ({ clock, signal, queueMs });
const mine = () => new Devices(["left", "right"], 1, `leases of ${process.pid}`);

test("each device has one holder, whoever made the list, and comes back", async () => {
  const [one, other] = [mine(), mine()];
  const first = await one.lease(asking(0));
  const second = await other.lease(asking(0));
  expect([first.device, second.device]).toEqual(["left", "right"]);
  await expect(one.lease(asking(30))).rejects.toMatchObject({ outcome: "refused", cause: "no device" });
  await first.release();
  expect((await other.lease(asking(0))).device).toBe("left");
  await second.release();
});

test("a device that another thread holds is not given, until the thread is gone", async () => {
  const devices = new Devices(["shared"], 1, `thread of ${process.pid}`);
  const program = `
    import { parentPort } from "node:worker_threads";
    import { Devices } from ${JSON.stringify(new URL("../../../drivers/mobile/devices.ts", import.meta.url).href)};
    import { realClock } from ${JSON.stringify(new URL("../../../src/units/clock.ts", import.meta.url).href)};
    const lease = await new Devices(["shared"], 1, "thread of ${process.pid}").lease({ clock: realClock(), signal: new AbortController().signal, queueMs: 0 });
    parentPort.postMessage(lease.device);
    parentPort.on("message", () => {});`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
  expect(await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject))).toBe("shared");
  await expect(devices.lease(asking(50))).rejects.toMatchObject({ cause: "no device" });
  const waiting = devices.lease(asking(20_000));
  await worker.terminate();
  const lease = await waiting;
  expect(lease.device).toBe("shared");
  await lease.release();
});

test("a wait ends when nobody wants the device any more", async () => {
  const devices = new Devices(undefined, 1, "places");
  const held = await devices.lease(asking(0));
  const cut = new AbortController();
  const waiting = devices.lease(asking(60_000, cut.signal));
  cut.abort(new Error("cut"));
  await expect(waiting).rejects.toThrow("cut");
  await held.release();
  await held.release();
  await (await devices.lease(asking(0))).release();
});
