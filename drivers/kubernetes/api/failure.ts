import { problem, type SeatrialError } from "../../../src/units/errors.ts";
import type { Call } from "./api.ts";
import type { Known } from "./config.ts";
import { ruleFor } from "./rule.ts";

/** What the server says of a call that it did not do. */
export interface Status {
  readonly kind: "Status";
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

/** The server's own words, where the answer is a Status; otherwise the beginning of what it is. */
export function statusOf(body: string): Status {
  try {
    const said = JSON.parse(body) as Status;
    if (said.kind === "Status") return said;
  } catch {
    // A proxy before the server, or a server that is none.
  }
  return { kind: "Status", message: body.slice(0, 300).trim() };
}

/** "patch deployments.apps shop/cart". */
export function callText({ verb, group, resource, subresource, namespace, name }: Call): string {
  const what = `${resource}${group === "" ? "" : `.${group}`}${subresource === undefined ? "" : `/${subresource}`}`;
  const which = name === undefined ? (namespace === undefined ? "" : ` of ${namespace}`) : ` ${namespace === undefined ? "" : `${namespace}/`}${name}`;
  return `${verb} ${what}${which}`;
}

/** Access rules say no in these words; other refusals of the same number are those of admission. */
const isOfAccess = (message: string): boolean => /^[^"]*"[^"]*" is forbidden: User |cannot \w+ (resource|path) /.test(message);

/** The error for an answer of 400 or more. */
export function refusal(known: Known, call: Call, code: number, body: string): SeatrialError {
  const status = statusOf(body);
  const message = (status.message || `status ${code}`).trim();
  const details = { context: known.context, server: known.server.server, user: known.user, call: callText(call), message };
  const place = callText(call);
  switch (code) {
    case 401:
      return problem("SEA_KUBE_UNAUTHORISED", { ...details, hint: known.plugin ? `log in again, and see what this says: ${[known.plugin.command, ...known.plugin.args].join(" ")}` : `renew the credentials of user '${known.user}' in ${known.source}` }, place);
    case 403:
      if (isOfAccess(message)) return problem("SEA_KUBE_FORBIDDEN", { ...details, rule: `\n${ruleFor(call)}` }, place);
      break;
    case 404:
      // The server's path is unknown, not the object.
      if (status.reason === undefined || message.startsWith("the server could not find the requested resource")) return problem("SEA_KUBE_RESOURCE", { ...details, resource: call.group === "" ? call.resource : `${call.resource}.${call.group}` }, place);
      return problem("SEA_KUBE_NOT_FOUND", details, place);
    case 409:
      return problem(status.reason === "AlreadyExists" ? "SEA_KUBE_EXISTS" : "SEA_KUBE_CONFLICT", details, place);
    case 429:
    case 503:
      return problem("SEA_KUBE_BUSY", details, place);
    case 504:
      return problem("SEA_KUBE_TIMEOUT", { ...details, after: "its own limit" }, place);
  }
  const causes = (status.details?.causes ?? []).map((one) => `${one.field ? `${one.field}: ` : ""}${one.message ?? one.reason ?? ""}`).filter((text) => !message.includes(text));
  return problem("SEA_KUBE_REFUSED", { ...details, message: [message, ...causes].join("; ") }, place);
}

type Coded = Error & { readonly code?: string };

const tlsHints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "renew the server's certificate, or set this machine's clock",
  CERT_NOT_YET_VALID: "set this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: "call the server by a name that its certificate has, or set tls-server-name in the kubeconfig",
};

/** The error for a call that got no answer. */
export function noAnswer(known: Known, error: Coded): SeatrialError {
  const details = { context: known.context, server: known.server.server };
  const code = error.code ?? "";
  // Several addresses were tried: the last word is the first one's.
  const first = error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as Coded) : error;
  const why = first.message || first.code || error.name;
  const isTls = code in tlsHints || /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/.test(code) || /unsupported certificate|bad (base64|end line)|wrong version number/.test(why);
  if (isTls) return problem("SEA_KUBE_TLS", { ...details, why, hint: tlsHints[code] ?? "check the certificate authority, certificate and key of the context in the kubeconfig" }, undefined, error);
  return problem("SEA_KUBE_UNREACHABLE", { ...details, why }, undefined, error);
}
