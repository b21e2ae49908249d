import { hostname, networkInterfaces } from "node:os";
import { isIP } from "node:net";
import { problem } from "../../units/errors.ts";

/** Where the live page listens. */
export interface Address {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

const form = /^(?:\[([\da-f:.]+)\]|([\w.-]+))?(?::(\d{1,5}))?$/i;

/**
 * Reads `HOST:PORT`, `HOST`, `:PORT` or `PORT`; what is missing is 127.0.0.1 and any free port.
 *
 * @throws SEA_UI_ADDRESS for anything else, a scenario's file among it
 */
export function readAddress(text: string): Address {
  const [match, six, name, digits] = form.exec(/^\d+$/.test(text) ? `:${text}` : text) ?? [];
  const port = Number(digits ?? 0);
  const host = six ?? name ?? "127.0.0.1";
  const isWrong = match === undefined || text === "" || port > 65_535 || (six !== undefined && isIP(six) !== 6) || /\.[cm]?[jt]s$/i.test(host);
  if (isWrong) throw problem("SEA_UI_ADDRESS", { text }, "--ui");
  return { host, port };
}

/** Reachable from this machine alone. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
const isEverywhere = (host: string): boolean => host === "0.0.0.0" || host === "::";

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/** A host that a browser can be given for what listens on `host`. */
export function reachable(host: string): string {
  if (!isEverywhere(host)) return bracketed(host);
  const outside = Object.values(networkInterfaces()).flat().find((one) => one && !one.internal && one.family === "IPv4");
  return outside?.address ?? "127.0.0.1";
}

/**
 * Does a `Host` header name this server? A page of somebody else whose name was made to point here
 * (DNS rebinding) sends that name. Where others may come from elsewhere every plain IP address will do, for none can be rebound.
 */
export function isOurHost(header: string | undefined, { host, port }: Address): boolean {
  const [match, six, name, digits] = form.exec(header ?? "") ?? [];
  const asked = (six ?? name)?.toLowerCase();
  if (match === undefined || asked === undefined || Number(digits ?? 80) !== port) return false;
  if (asked === host.toLowerCase() || isLoopback(asked)) return true;
  return !isLoopback(host) && (isIP(asked) !== 0 || asked === hostname().toLowerCase());
}
