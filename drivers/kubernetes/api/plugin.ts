import type { Clock } from "../../../src/units/clock.ts";
import { problem } from "../../../src/units/errors.ts";
import type { ExecPlugin, Known } from "./config.ts";
import { runProgram, type Ended } from "./program.ts";

/** What a plugin gave. */
export interface Credential {
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Wall time, ms since 1970; undefined: until the server refuses it. */
  readonly untilMs: number | undefined;
}

/** A credential is replaced so long before its end: a call under way must not meet it. */
const earlyMs = 10_000;

/** The credentials of a context's plugin: asked for once, kept until they end or are refused. */
export class PluginCredentials {
  readonly #known: Known;
  readonly #plugin: ExecPlugin;
  readonly #clock: Clock;
  #kept: Promise<Credential> | undefined;

  constructor(known: Known, plugin: ExecPlugin, clock: Clock) {
    this.#known = known;
    this.#plugin = plugin;
    this.#clock = clock;
  }

  /** @throws SEA_KUBE_CREDENTIALS that names the plugin */
  async get(): Promise<Credential> {
    const kept = this.#kept;
    const credential = await kept;
    if (credential && (credential.untilMs === undefined || credential.untilMs - earlyMs > this.#clock.wallMs())) return credential;
    // While this call waited, another one may have asked already.
    return this.#kept === kept ? this.#ask() : this.#kept!;
  }

  /** Calls that come at the same time wait for one run of the program. */
  #ask(): Promise<Credential> {
    const asked = this.#run();
    this.#kept = asked;
    asked.catch(() => this.#kept === asked && (this.#kept = undefined));
    return asked;
  }

  async #run(): Promise<Credential> {
    const { command, apiVersion } = this.#plugin;
    const fail = (why: string, hint: string, cause?: unknown) => problem("SEA_KUBE_CREDENTIALS", { command, context: this.#known.context, why, hint }, "kubernetes.context", cause);
    const { code, out, err } = await this.#output().catch((cause: NodeJS.ErrnoException) => {
      const isMissing = cause.code === "ENOENT" || cause.code === "EACCES";
      throw fail(isMissing ? "there is no such program" : cause.message, this.#plugin.installHint?.trim() || (isMissing ? `install ${command}, or put it on the PATH` : `run it by hand: ${this.#words()}`), cause);
    });
    if (code !== 0) throw fail(err.trim().split("\n").at(-1) || `it ended with ${code}`, `run it by hand: ${this.#words()}`);
    let status: { token?: string; clientCertificateData?: string; clientKeyData?: string; expirationTimestamp?: string } | undefined;
    try {
      const said = JSON.parse(out) as { apiVersion?: string; status?: typeof status };
      if (said.apiVersion !== apiVersion) throw new Error(`it speaks ${said.apiVersion ?? "no version"}, and the kubeconfig asks for ${apiVersion}`);
      status = said.status;
    } catch (cause) {
      throw fail(`what it printed is no credential: ${(cause as Error).message}`, `run it by hand: ${this.#words()}`, cause);
    }
    if (!status?.token && !(status?.clientCertificateData && status.clientKeyData)) throw fail("it printed neither a token nor a certificate", `run it by hand: ${this.#words()}`);
    const untilMs = status.expirationTimestamp === undefined ? undefined : Date.parse(status.expirationTimestamp);
    return { token: status.token, cert: status.clientCertificateData, key: status.clientKeyData, untilMs: Number.isNaN(untilMs) ? undefined : untilMs };
  }

  #words(): string {
    const { command, args, env } = this.#plugin;
    return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), command, ...args].join(" ");
  }

  #output(): Promise<Ended> {
    const { command, args, env, apiVersion, provideClusterInfo } = this.#plugin;
    const { server } = this.#known;
    const cluster = provideClusterInfo ? { server: server.server, "certificate-authority-data": server.caData, "insecure-skip-tls-verify": server.skipTLSVerify } : undefined;
    const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false, cluster } });
    return runProgram(this.#clock, command, args, { ...env, KUBERNETES_EXEC_INFO: info });
  }
}
