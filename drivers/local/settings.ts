import { resolve } from "node:path";
import type { MayLose } from "../../src/model/cluster.ts";
import { durationMs, type Duration } from "../../src/units/duration.ts";
import { problem } from "../../src/units/errors.ts";

/** One service: a start command, run as several replicas behind one port of the balancer. */
export interface ServiceSettings {
  /** Program and arguments; `"node"` is the Node that runs Seatrial. It must listen on `127.0.0.1:$PORT` and stay in the foreground. */
  readonly command: readonly [string, ...string[]];
  /** Default: the working directory. */
  readonly cwd?: string;
  readonly replicas: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What the replicas run at first. Default `"good"`. */
  readonly version?: string;
  /** Path that answers 2xx while the process is alive; a replica that stops answering is replaced. Default: not asked. */
  readonly live?: string;
  /** Path that answers 2xx while the replica can take traffic. */
  readonly ready: string;
  /** The balancer's port. Default: a free one. */
  readonly port?: number;
  /** The data scope that its replicas share. */
  readonly data?: string;
}

export interface LocalSettings {
  /** What `--on` names. Default `"local"`. */
  readonly name?: string;
  readonly services: Readonly<Record<string, ServiceSettings>>;
  /** Default 3. */
  readonly nodes?: number;
  /** Data scopes: folders that replicas keep their data in. Backed up every `"5s"` unless said otherwise. */
  readonly data?: Readonly<Record<string, { readonly backupEvery?: Duration }>>;
  /** The variable that tells a replica its data folder. Default `"SHOP_DATA"`. */
  readonly dataEnv?: string;
  /** The variable that tells a replica its version. Default `"SHOP_VERSION"`. */
  readonly versionEnv?: string;
  /** Every replica is ready so long after the start, or the start has failed. Default `"20s"`. */
  readonly startWithin?: Duration;
  /** Default: everything it has. */
  readonly mayLose?: MayLose;
}

/** The settings with nothing left to guess: what the supervisor gets, and what two clusters are compared by. */
export interface Spec {
  readonly name: string;
  readonly nodes: number;
  readonly dataEnv: string;
  readonly versionEnv: string;
  readonly startMs: number;
  readonly services: readonly ServiceSpec[];
  readonly scopes: readonly { readonly name: string; readonly backupMs: number }[];
}

export interface ServiceSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly replicas: number;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly live: string | null;
  readonly ready: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly data: string | null;
}

const nameForm = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** @throws SEA_LOCAL_SETTINGS for the first setting that can't be used */
export function specOf(settings: LocalSettings): Spec {
  const need = (fine: boolean, setting: string, why: string) => {
    if (!fine) throw problem("SEA_LOCAL_SETTINGS", { setting, why }, `local() ${setting}`);
  };
  const needName = (name: string, setting: string) => need(nameForm.test(name), setting, "a name is lower case letters, digits and -");
  const needCount = (count: number, setting: string, most: number) =>
    need(Number.isInteger(count) && count >= 1 && count <= most, setting, `give a whole number from 1 to ${most}`);

  const { name = "local", nodes = 3, dataEnv = "SHOP_DATA", versionEnv = "SHOP_VERSION" } = settings;
  needName(name, "name");
  needCount(nodes, "nodes", 20);
  need(Object.keys(settings.services).length > 0, "services", "there is none");

  const services = Object.entries(settings.services).map(([name, one]): ServiceSpec => {
    const at = `services.${name}`;
    needName(name, at);
    needCount(one.replicas, `${at}.replicas`, 50);
    need(one.command.length > 0 && one.command.every((part) => typeof part === "string"), `${at}.command`, "give a program and its arguments");
    for (const path of [one.ready, one.live ?? "/"]) need(typeof path === "string" && path.startsWith("/"), `${at}.ready and live`, "a path begins with /");
    need(one.port === undefined || (Number.isInteger(one.port) && one.port > 0 && one.port < 65_536), `${at}.port`, "a port is from 1 to 65535");
    return {
      name,
      command: one.command,
      cwd: resolve(one.cwd ?? "."),
      replicas: one.replicas,
      env: one.env ?? {},
      version: one.version ?? "good",
      live: one.live ?? null,
      ready: one.ready,
      port: one.port ?? 0,
      data: one.data ?? null,
    };
  });

  const scopes = new Set([...Object.keys(settings.data ?? {}), ...services.flatMap((one) => one.data ?? [])]);
  return {
    name, nodes, dataEnv, versionEnv, services,
    startMs: durationMs(settings.startWithin ?? "20s", "local() startWithin"),
    scopes: [...scopes].map((scope) => {
      needName(scope, `data.${scope}`);
      return { name: scope, backupMs: durationMs(settings.data?.[scope]?.backupEvery ?? "5s", `local() data.${scope}.backupEvery`) };
    }),
  };
}
