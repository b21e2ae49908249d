import { problem } from "../../src/units/errors.ts";
import { DeviceFailure } from "./failure.ts";
import type { Toucher } from "./locator.ts";
import type { App, TouchOptions } from "./page.ts";
import type { Phone } from "./phone.ts";

/** What only a device or a simulator can do. */
export function needDevice({ platform }: Phone, what: string): "android" | "ios" {
  if (platform === "android" || platform === "ios") return platform;
  throw new DeviceFailure("refused", "can't", `${platform} sessions can't ${what}`);
}

/** Android's drivers call an app's id one thing, iOS's another. */
const named = (platform: "android" | "ios", id: string) => (platform === "android" ? { appId: id } : { bundleId: id });

/** The verbs of an app; `anew` begins the session again. */
export class OpenApp implements App {
  readonly #toucher: Toucher;
  readonly #id: string | undefined;
  readonly #anew: () => Promise<void>;

  constructor(toucher: Toucher, id: string | undefined, anew: () => Promise<void>) {
    this.#toucher = toucher;
    this.#id = id;
    this.#anew = anew;
  }

  install(path: string, options: TouchOptions = {}): Promise<void> {
    return this.#toucher.touch(`install ${options.name ?? path.split("/").at(-1)!}`, `install ${path}`, options, async (phone, untilMs) => {
      const platform = needDevice(phone, "install an app");
      await phone.insist(untilMs, () => phone.mobile("installApp", platform === "android" ? { appPath: path } : { app: path }));
    });
  }

  remove = (id?: string, options?: TouchOptions): Promise<void> => this.#command("remove", ["removeApp"], id, options);
  launch = (id?: string, options?: TouchOptions): Promise<void> => this.#command("launch", ["activateApp"], id, options);
  stop = (id?: string, options?: TouchOptions): Promise<void> => this.#command("stop", ["terminateApp"], id, options);

  reset(options: TouchOptions = {}): Promise<void> {
    return this.#toucher.touch(options.name ?? "reset app", "reset app", options, async (phone, untilMs) => {
      if (phone.platform === "emulated" || phone.platform === "fake") return this.#anew();
      await this.#run(phone, untilMs, "reset an app", ["terminateApp", "clearApp", "activateApp"], this.#known(undefined));
    });
  }

  #known(id: string | undefined): string {
    const known = id ?? this.#id;
    if (known === undefined) throw problem("SEA_MOBILE_APP_ID", {}, "mobile.appId");
    return known;
  }

  #command(verb: string, commands: readonly string[], id: string | undefined, options: TouchOptions = {}): Promise<void> {
    return this.#toucher.touch(`${verb} ${options.name ?? id ?? "app"}`, `${verb} ${id ?? "app"}`, options, (phone, untilMs) => this.#run(phone, untilMs, `${verb} an app`, commands, this.#known(id)));
  }

  async #run(phone: Phone, untilMs: number, what: string, commands: readonly string[], id: string): Promise<void> {
    const platform = needDevice(phone, what);
    for (const command of commands) await phone.insist(untilMs, () => phone.mobile(command, named(platform, id)));
  }
}
