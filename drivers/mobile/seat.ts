import type { OpenContext } from "../../src/model/driver.ts";
import { capabilitiesOf } from "./capabilities.ts";
import type { Devices, Lease } from "./devices.ts";
import { Phone } from "./phone.ts";
import type { Servers } from "./servers.ts";
import type { Settings } from "./settings.ts";
import type { InHand } from "./touch.ts";

/** What one user holds: a device, and a session on it. */
interface Held {
  readonly lease: Lease;
  phone: Phone;
  waitedMs: number;
}

/** A user's turn with a device: taken by the first touch, given back when the visitor or the user goes. */
export class Seat {
  readonly #context: OpenContext;
  readonly #devices: Devices;
  readonly #servers: Servers;
  readonly #settings: Settings;
  readonly #end = new AbortController();
  #taking: Promise<Held> | undefined;
  #held: Held | undefined;
  /** Sessions that are being ended, devices that are being given back. */
  readonly #leaving = new Set<Promise<void>>();
  #closed: Promise<void> | undefined;

  constructor(context: OpenContext, devices: Devices, servers: Servers, settings: Settings) {
    this.#context = context;
    this.#devices = devices;
    this.#servers = servers;
    this.#settings = settings;
    servers.enter();
    if (context.signal.aborted) this.#cut();
    else context.signal.addEventListener("abort", this.#cut, { once: true });
  }

  get ended(): AbortSignal {
    return this.#end.signal;
  }

  get device(): string | undefined {
    return this.#held?.lease.device;
  }

  now(): Phone | undefined {
    return this.#held?.phone;
  }

  /** @throws DeviceFailure `no device`, `no session` */
  async ready(): Promise<InHand> {
    if (this.#held?.phone.lost) this.leave();
    const isNew = this.#taking === undefined;
    const taking = (this.#taking ??= this.#take());
    const held = await taking.catch((error: unknown) => {
      if (this.#taking === taking) this.#taking = undefined;
      throw error;
    });
    if (this.#taking === taking) this.#held = held;
    return { phone: held.phone, waitedMs: isNew ? held.waitedMs : 0 };
  }

  /** Another session on the same device. */
  async anew(): Promise<void> {
    const held = this.#held;
    if (!held) return;
    await held.phone.hangUp();
    held.phone = await this.#dial(held.lease);
  }

  /** Ends the session and gives the device back; nobody waits for it but `end`. */
  leave(): void {
    const taking = this.#taking;
    this.#taking = this.#held = undefined;
    if (!taking) return;
    const leaving = taking.then(giveBack).catch(() => undefined).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  /** Once more is no harm. */
  end(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#context.signal.removeEventListener("abort", this.#cut);
    this.#cut();
    this.leave();
    await Promise.all(this.#leaving);
    await this.#servers.leave();
  }

  readonly #cut = (): void => this.#end.abort(new Error("cut"));

  async #take(): Promise<Held> {
    const { clock } = this.#context;
    // The one before has the device still; a new session waits behind it in any case.
    await Promise.all(this.#leaving);
    const beganMs = clock.now();
    const lease = await this.#devices.lease({ clock, signal: this.#end.signal, queueMs: this.#settings.queueMs });
    try {
      const waitedMs = clock.now() - beganMs;
      return { lease, phone: await this.#dial(lease), waitedMs };
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  async #dial({ device }: Lease): Promise<Phone> {
    const { platform, browser, startMs } = this.#settings;
    const capabilities = capabilitiesOf(this.#settings, device);
    const url = await this.#servers.url(this.#context);
    return Phone.dial(url, capabilities, { platform, isWeb: platform === "emulated" || browser !== undefined, clock: this.#context.clock, startMs, signal: this.#end.signal });
  }
}

async function giveBack({ lease, phone }: Held): Promise<void> {
  await phone.hangUp();
  await lease.release();
}
