import type { AuthShape, BodyShape, Param, RequestShape } from "../read/shape.ts";
import { joinUrl, splitUrl, type UrlParts } from "../send/url.ts";
import { PropertyList, type EntryLike } from "./list.ts";

/** The address of a request, as scripts know it. */
class Url {
  protocol: string | undefined;
  auth: UrlParts["auth"];
  host: string[] = [];
  port: string | undefined;
  path: string[] = [];
  hash: string | undefined;
  query = new PropertyList([], "query");
  variables = new PropertyList();

  constructor(url: RequestShape["url"]) {
    this.update(url ?? "");
  }

  update(url: NonNullable<RequestShape["url"]>): void {
    const parts = splitUrl(url);
    this.protocol = parts.protocol;
    this.auth = parts.auth;
    this.host = parts.host === "" ? [] : parts.host.split(".");
    this.port = parts.port;
    this.path = [...(parts.path ?? [])];
    this.hash = parts.hash;
    this.query = new PropertyList(parts.query.map((param) => ({ ...param })), "query");
    this.variables = new PropertyList(parts.variable.map((param) => ({ ...param })));
  }

  parts(): UrlParts {
    return { protocol: this.protocol, auth: this.auth, host: this.host.join("."), port: this.port, path: this.path, query: this.query.members as Param[], hash: this.hash, variable: this.variables.members as Param[] };
  }
  toString(): string {
    return joinUrl(this.parts());
  }
  getHost(): string {
    return this.host.join(".");
  }
  getPath(): string {
    return joinUrl({ ...this.parts(), protocol: undefined, auth: undefined, host: "", port: undefined, query: [], hash: undefined }) || "/";
  }
  getQueryString(): string {
    return this.query.toString();
  }
  getPathWithQuery(): string {
    const query = this.getQueryString();
    return this.getPath() + (query === "" ? "" : `?${query}`);
  }
  getRemote(): string {
    return this.getHost() + (this.port === undefined ? "" : `:${this.port}`);
  }
  addQueryParams(params: readonly EntryLike[] | string): void {
    this.query.populate(typeof params === "string" ? params.split("&") : [params].flat() as EntryLike[]);
  }
  removeQueryParams(params: string | readonly (string | { readonly key: string })[]): void {
    for (const param of [params].flat()) this.query.remove(typeof param === "string" ? param : (param as { key: string }).key);
  }
  toJSON(): unknown {
    return { protocol: this.protocol, host: this.host, port: this.port, path: this.path, query: this.query.toJSON(), variable: this.variables.toJSON(), hash: this.hash };
  }
}

/** The body of a request, as scripts know it. */
class RequestBody {
  mode: string | undefined;
  raw: unknown;
  urlencoded: PropertyList | undefined;
  formdata: PropertyList | undefined;
  file: BodyShape["file"];
  graphql: BodyShape["graphql"];
  options: BodyShape["options"];
  disabled: boolean | undefined;

  constructor(body: BodyShape | string) {
    this.update(body);
  }

  update(body: BodyShape | string): void {
    const given: BodyShape = typeof body === "string" ? { mode: "raw", raw: body } : body;
    this.mode = given.mode;
    this.raw = given.raw;
    this.urlencoded = given.urlencoded === undefined ? undefined : new PropertyList(typeof given.urlencoded === "string" ? given.urlencoded.split("&") : entriesOf(given.urlencoded), "query");
    this.formdata = given.formdata === undefined ? undefined : new PropertyList(entriesOf(given.formdata));
    this.file = given.file;
    this.graphql = given.graphql;
    this.options = given.options;
    this.disabled = given.disabled;
  }

  isEmpty(): boolean {
    const { mode } = this;
    const content = mode === undefined ? undefined : (this as unknown as Record<string, unknown>)[mode];
    return content instanceof PropertyList ? content.count() === 0 : content === undefined || content === null || content === "";
  }
  toString(): string {
    if (this.mode === "urlencoded") return this.urlencoded?.toString() ?? "";
    return this.mode === "raw" && this.raw !== undefined && this.raw !== null ? String(this.raw) : "";
  }
  toJSON(): BodyShape {
    const { mode, raw, urlencoded, formdata, file, graphql, options, disabled } = this;
    return Object.fromEntries(Object.entries({ mode, raw, urlencoded: urlencoded?.toJSON(), formdata: formdata?.toJSON(), file, graphql, options, disabled }).filter(([, value]) => value !== undefined));
  }
}

const entriesOf = (params: readonly Param[] | object): EntryLike[] =>
  Array.isArray(params) ? params.map((param: EntryLike) => (typeof param === "string" ? param : { ...param })) : Object.entries(params).map(([key, value]) => ({ key, value: value as unknown }));

/** A request as scripts know it: before it is sent they may change it, afterwards it says what was sent. */
export class ScriptRequest {
  id: string | undefined;
  name: string | undefined;
  url: Url;
  method: string;
  headers: PropertyList;
  body: RequestBody | undefined;
  auth: AuthShape | undefined;
  description: string | undefined;

  constructor(given: RequestShape | string, names: { readonly id?: string | undefined; readonly name?: string | undefined } = {}) {
    const request: RequestShape = typeof given === "string" ? { url: given } : given;
    this.id = names.id;
    this.name = names.name;
    this.url = new Url(request.url instanceof Url ? request.url.toString() : request.url);
    this.method = String(request.method ?? "GET").toUpperCase();
    const { header } = request;
    this.headers = new PropertyList(listOf(header), "header");
    this.body = request.body ? new RequestBody(request.body instanceof RequestBody ? request.body.toJSON() : request.body) : undefined;
    this.auth = request.auth ?? undefined;
    const { description } = request;
    this.description = (typeof description === "string" ? description : description?.content) ?? undefined;
  }

  addHeader(header: EntryLike): void {
    this.headers.add(header);
  }
  upsertHeader(header: EntryLike): void {
    this.headers.upsert(header);
  }
  removeHeader(name: string | { readonly key: string }): void {
    this.headers.remove(typeof name === "string" ? name : name.key);
  }
  getHeaders(options: { readonly ignoreCase?: boolean; readonly enabled?: boolean } = {}): Record<string, unknown> {
    return this.headers.toObject(options.enabled, !options.ignoreCase);
  }
  forEachHeader(call: (header: unknown) => void): void {
    this.headers.each(call);
  }
  addQueryParams(params: readonly EntryLike[] | string): void {
    this.url.addQueryParams(params);
  }
  removeQueryParams(params: string | readonly string[]): void {
    this.url.removeQueryParams(params);
  }
  update(given: RequestShape | string): void {
    const { url, method, headers, body, auth } = new ScriptRequest(typeof given === "string" ? given : { ...(this.toJSON() as RequestShape), ...given });
    Object.assign(this, { url, method, headers, body, auth });
  }
  clone(): ScriptRequest {
    return new ScriptRequest(this.toJSON(), this);
  }

  /** In the shape of a collection, with whatever scripts put in place of its parts. */
  toJSON(): RequestShape {
    const { url, headers, body } = this as { url: unknown; headers: unknown; body: unknown };
    return {
      method: String(this.method).toUpperCase(),
      url: url instanceof Url ? { ...(url.toJSON() as object), ...(url.auth && { auth: url.auth }) } : (url as string),
      header: headers instanceof PropertyList ? (headers.toJSON() as Param[]) : (listOf(headers as RequestShape["header"]) as Param[]),
      ...(body !== undefined && body !== null && { body: body instanceof RequestBody ? body.toJSON() : (body as BodyShape) }),
      ...(this.auth !== undefined && { auth: this.auth }),
    } as RequestShape;
  }
}

/** Headers as a list of entries, of lines, or as an object. */
function listOf(header: RequestShape["header"] | Readonly<Record<string, unknown>>): EntryLike[] {
  if (header === undefined || header === null) return [];
  if (typeof header === "string") return header.split(/\r?\n/).filter((line) => line.trim() !== "");
  return entriesOf(header);
}
