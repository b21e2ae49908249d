import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Thing } from "../../../drivers/kubernetes/index.ts";

/** One answer of the server in place of what it would say. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * An API server that keeps pods of one namespace and speaks lists and watches over real sockets, and every
 * mishap of the wire on request: it forgets, cuts, goes silent, answers errors, is away.
 */
export class RoughServer {
  #version = 100;
  /** Watches can't begin before this one. */
  #forgotten = 0;
  readonly #pods = new Map<string, Thing>();
  readonly #log: { readonly version: number; readonly line: string }[] = [];
  readonly #watches = new Set<ServerResponse>();
  readonly requests: string[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Asked first for every request; true: it has answered. */
  answer: Answer = () => false;
  /** Lists are cut into pages of so many, whatever was asked for. */
  pageSize = 500;
  #server = createServer((request, response) => this.#take(request, response));
  #port = 0;
  folder = "";
  kubeconfig = "";

  async start(user: string = "token: first"): Promise<this> {
    await this.#listen();
    this.folder = await mkdtemp(join(tmpdir(), "seatrial-rough-"));
    this.kubeconfig = join(this.folder, "config");
    await this.config(user);
    return this;
  }

  async config(user: string): Promise<void> {
    await writeFile(this.kubeconfig, `apiVersion: v1\nkind: Config\nclusters:\n- name: rough\n  cluster: { server: "http://127.0.0.1:${this.#port}" }\nusers:\n- name: sailor\n  user: { ${user} }\ncontexts:\n- name: rough\n  context: { cluster: rough, user: sailor }\n`);
  }

  #listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.#port, "127.0.0.1", () => {
      this.#port = (this.#server.address() as AddressInfo).port;
      resolve();
    }));
  }

  /** Nobody listens any more, and every connection is cut. */
  async leave(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async comeBack(): Promise<void> {
    this.#server = createServer((request, response) => this.#take(request, response));
    await this.#listen();
  }

  async stop(): Promise<void> {
    await this.leave();
    await rm(this.folder, { recursive: true, force: true });
  }

  put(name: string, labels: Readonly<Record<string, string>> = {}, uid?: string): void {
    const was = this.#pods.get(name);
    const version = ++this.#version;
    const thing: Thing = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop", uid: uid ?? was?.metadata.uid ?? `uid-${version}`, resourceVersion: String(version), labels } };
    this.#pods.set(name, thing);
    this.#say(version, was && was.metadata.uid === thing.metadata.uid ? "MODIFIED" : "ADDED", thing);
  }

  drop(name: string): void {
    const was = this.#pods.get(name)!;
    const version = ++this.#version;
    this.#pods.delete(name);
    this.#say(version, "DELETED", { ...was, metadata: { ...was.metadata, resourceVersion: String(version) } });
  }

  bookmark(): void {
    const line = JSON.stringify({ type: "BOOKMARK", object: { kind: "Pod", apiVersion: "v1", metadata: { resourceVersion: String(this.#version) } } });
    for (const watch of this.#watches) watch.write(`${line}\n`);
  }

  /** Writes as it is to all watches. */
  write(text: string): void {
    for (const watch of this.#watches) watch.write(text);
  }

  /** Cuts all watches in the middle. */
  cut(): void {
    for (const watch of this.#watches) watch.destroy();
  }

  /** Ends all watches as servers do when their time is over. */
  end(): void {
    for (const watch of this.#watches) watch.end();
  }

  /** No watch can begin before now any more. */
  forget(): void {
    this.#forgotten = this.#version;
  }

  get watching(): number {
    return this.#watches.size;
  }

  #say(version: number, type: string, object: Thing): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    this.#log.push({ version, line });
    // One that was just cut hears nothing more, though it is not gone yet.
    for (const watch of this.#watches) if (!watch.writableEnded) watch.write(line);
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    this.authorizations.push(request.headers.authorization);
    response.setHeader("content-type", "application/json");
    if (this.answer(request, response)) return;
    const { pathname, searchParams } = new URL(request.url!, "http://server");
    if (pathname === "/version") return void response.end('{"gitVersion":"v1.36.4"}');
    if (pathname !== "/api/v1/namespaces/shop/pods") return void status(response, 404, "NotFound", `"${pathname}" not found`);
    if (searchParams.get("watch") !== "true") return this.#list(searchParams, response);
    const from = Number(searchParams.get("resourceVersion"));
    if (from < this.#forgotten) {
      response.end(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: `too old resource version: ${from}`, reason: "Expired", code: 410 } })}\n`);
      return;
    }
    this.#watches.add(response);
    response.on("close", () => this.#watches.delete(response));
    response.flushHeaders();
    for (const { version, line } of this.#log) if (version > from) response.write(line);
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get("continue") ?? 0);
    const all = [...this.#pods.values()];
    const next = from + this.pageSize;
    response.end(JSON.stringify({
      kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: String(this.#version), ...(next < all.length && { continue: String(next) }) },
      items: all.slice(from, next).map(({ apiVersion: _, kind: __, ...pod }) => pod),
    }));
  }
}

/** An error as API servers write it. */
export function status(response: ServerResponse, code: number, reason: string, message: string, more: object = {}): true {
  response.statusCode = code;
  response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", reason, message, code, ...more }));
  return true;
}
