import { cookiesFor } from "./jar.ts";
import { moduleFor, xmlToJson } from "./modules.ts";
import type { Stage } from "./pm.ts";
import type { PropertyList } from "./list.ts";

const text = (value: unknown): unknown => (value === false || value ? String(value as string) : value);

/** The globals of scripts that are older than `pm`: worked out when one of them is read. */
export function legacyGlobals(stage: () => Stage): Readonly<Record<string, () => unknown>> {
  const response = () => stage().response;
  const afterAnswer = () => stage().target === "test";
  return {
    tests: () => stage().execution.legacy,
    globals: () => stage().scopes.globals.toObject(),
    environment: () => stage().scopes.environment.toObject(),
    data: () => stage().scopes.row,
    iteration: () => stage().iteration,
    request: () => requestOf(stage()),
    responseBody: () => (afterAnswer() ? response()?.text() : undefined),
    responseCode: () => (afterAnswer() ? (response()?.details()) : undefined),
    responseTime: () => (afterAnswer() ? response()?.responseTime : undefined),
    responseHeaders: () => (afterAnswer() ? (response()?.headers.toObject() ?? {}) : undefined),
    responseCookies: () => (afterAnswer() ? cookiesFor(stage().jar, stage().url).all() : undefined),
    postman: () => postmanOf(stage()),
    _: () => moduleFor("lodash"),
    CryptoJS: () => moduleFor("crypto-js"),
    tv4: () => moduleFor("tv4"),
    cheerio: () => moduleFor("cheerio"),
    xml2Json: () => xmlToJson,
  };
}

function requestOf(stage: Stage): object {
  const { id, name, description, method, url, headers, body } = stage.request;
  const fields = (list: PropertyList | undefined) => list?.toObject(true, true, true) ?? {};
  const data = body === undefined || body.isEmpty() ? {} : body.mode === "urlencoded" ? fields(body.urlencoded) : body.mode === "formdata" ? fields(body.formdata) : (body.raw ?? {});
  return { id, name, description, method, url: url.toString(), headers: headers.toObject(true), data };
}

function postmanOf(stage: Stage): object {
  const { environment, globals } = stage.scopes;
  return {
    setEnvironmentVariable: (key: string, value: unknown) => environment.set(key, text(value)),
    getEnvironmentVariable: (key: string) => environment.get(key),
    clearEnvironmentVariable: (key: string) => environment.unset(key),
    clearEnvironmentVariables: () => environment.clear(),
    setGlobalVariable: (key: string, value: unknown) => globals.set(key, text(value)),
    getGlobalVariable: (key: string) => globals.get(key),
    clearGlobalVariable: (key: string) => globals.unset(key),
    clearGlobalVariables: () => globals.clear(),
    setNextRequest: (to: string | null) => void (stage.execution.next = { to }),
    getResponseHeader: (name: string) => stage.response?.headers.get(name),
    getResponseCookie: (name: string) => cookiesFor(stage.jar, stage.url).one(name),
  };
}
