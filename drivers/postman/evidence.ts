import type { Failure } from "../../src/model/op.ts";
import type { Jar } from "../http/cookies.ts";
import { maskFailure, maskQuery, secretsIn } from "../http/mask.ts";
import { headOf } from "../http/reply.ts";
import type { Exchange } from "./send/exchange.ts";

const longestLine = 300;

/** A failure with the request and the head of the answer, without the secrets that either holds. */
export function evidenceOf(failure: Failure, done: Exchange | undefined, jar: Jar): Failure {
  if (!done) return failure;
  const { sent, reply } = done;
  const { origin, pathname, search } = URL.canParse(sent.url) ? new URL(sent.url) : { origin: "", pathname: sent.url, search: "" };
  const request = `${sent.method} ${origin}${pathname}${maskQuery(search)}`.slice(0, longestLine);
  const headers = [...sent.headers].map(([name, { value }]) => [name, value] as const);
  return maskFailure({ ...failure, request, ...(reply && { status: reply.status, body: headOf(reply) }) }, [...secretsIn(headers), ...jar.values()]);
}
