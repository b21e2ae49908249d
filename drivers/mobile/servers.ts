import type { OpenContext } from "../../src/model/driver.ts";
import { problem } from "../../src/units/errors.ts";
import { Server } from "./server.ts";
import type { OwnServer } from "./settings.ts";

/** One that crashes again and again is not worth a start at every touch. */
const mostStarts = 4;

/** The server that all sessions of a driver share: given, or started by the first touch and ended after the last session. */
export class Servers {
  readonly #setting: URL | OwnServer;
  /** The one of Appium's drivers that is needed, where that is known. */
  readonly #driver: string | undefined;
  #running: Promise<Server> | undefined;
  #sessions = 0;
  #starts = 0;
  #stopping: Promise<unknown> = Promise.resolve();

  constructor(setting: URL | OwnServer, driver: string | undefined) {
    this.#setting = setting;
    this.#driver = driver;
  }

  /** A session opened. */
  enter(): void {
    this.#sessions += 1;
  }

  /** A session closed; the last one ends the server. */
  async leave(): Promise<void> {
    this.#sessions -= 1;
    if (this.#sessions > 0) return;
    const running = this.#running;
    this.#running = undefined;
    this.#starts = 0;
    if (running) this.#stopping = Promise.all([this.#stopping, running.then((server) => server.stop()).catch(() => undefined)]);
    await this.#stopping;
  }

  /**
   * Where the server is. One that crashed is started again, a few times.
   *
   * @throws SEA_MOBILE_APPIUM, SEA_MOBILE_SERVER
   */
  async url({ clock, say }: OpenContext): Promise<URL> {
    if (this.#setting instanceof URL) return this.#setting;
    await this.#stopping;
    const running = (this.#running ??= this.#start(this.#setting, clock, say));
    try {
      const server = await running;
      if (!server.crashed) return server.url;
      if (this.#running === running) this.#running = undefined;
    } catch (error) {
      if (this.#running === running) this.#running = undefined;
      throw error;
    }
    return this.url({ clock, say } as OpenContext);
  }

  async #start(setting: OwnServer, clock: OpenContext["clock"], say: OpenContext["say"]): Promise<Server> {
    if (this.#starts >= mostStarts) throw problem("SEA_MOBILE_SERVER", { why: `it was started ${this.#starts} times and crashed each time` }, "mobile.server");
    this.#starts += 1;
    const server = await Server.start(setting, clock, this.#driver);
    void server.ended.then((why) => {
      if (server.crashed) say(`the Appium server crashed: ${why}`);
    });
    return server;
  }
}
