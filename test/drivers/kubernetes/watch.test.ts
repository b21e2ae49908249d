import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect, resources, type Api, type Change, type Watch } from "../../../drivers/kubernetes/index.ts";
import { realClock, type Clock } from "../../../src/units/clock.ts";
import { SeatrialError } from "../../../src/units/errors.ts";
import { hurried } from "./hurried.ts";
import { RoughServer, status } from "./rough.ts";

/** What stays of a pod here. */
interface Mark {
  readonly name: string;
  readonly mark: string;
}

let server: RoughServer;
let api: Api;
const said: string[] = [];

beforeEach(async () => {
  server = await new RoughServer().start();
  said.length = 0;
});
afterEach(async () => {
  api?.close();
  await server.stop();
});

async function watching(clock: Clock = realClock()): Promise<{ watch: Watch<Mark>; changes: Change<Mark>[]; until: (what: string, is: () => boolean) => Promise<void> }> {
  api = await connect({ context: "rough", kubeconfig: server.kubeconfig, clock, say: (line) => said.push(line) });
  const watch = api.watch<Mark>(resources.pods, { namespace: "shop", slim: ({ metadata }) => ({ name: metadata.name, mark: metadata.labels?.["mark"] ?? "" }) });
  const changes: Change<Mark>[] = [];
  watch.on((change) => changes.push(change));
  const until = async (what: string, is: () => boolean) => {
    const real = realClock();
    while (!is()) {
      if (real.now() > 20_000) throw new Error(`not within 20 s: ${what}; seen: ${JSON.stringify(changes)}; said: ${said.join(" | ")}`);
      await real.sleep(10);
    }
  };
  await watch.synced;
  await until("watching", () => server.watching === 1);
  return { watch, changes, until };
}

const names = (watch: Watch<Mark>) => watch.now().map(({ name }) => name).sort();
const kinds = (changes: readonly Change<Mark>[]) => changes.map((change) => ("key" in change ? `${"missed" in change ? "missed " : ""}${change.kind} ${change.key.name}` : change.kind));
const lists = () => server.requests.filter((request) => !request.includes("watch=true")).length;

test("lists page by page, says that it is synced, then follows", async () => {
  server.pageSize = 2;
  for (const name of ["a", "b", "c", "d", "e"]) server.put(name);
  const { watch, changes, until } = await watching();
  expect(kinds(changes)).toEqual(["added a", "added b", "added c", "added d", "added e", "synced"]);
  expect(lists()).toBe(3);
  server.put("a", { mark: "x" });
  server.drop("b");
  server.put("f");
  await until("followed", () => names(watch).includes("f"));
  expect(kinds(changes).slice(6)).toEqual(["changed a", "gone b", "added f"]);
  expect(changes[6]).toMatchObject({ now: { mark: "x" }, was: { mark: "" } });
  expect(watch.get("a", "shop")).toEqual({ name: "a", mark: "x" });
});

test("a connection that is cut in the middle of a line is taken up where it was: nothing missed, nothing twice, no new list", async () => {
  server.put("a");
  const { watch, changes, until } = await watching();
  server.write('{"type":"ADDED","object":{"metadata":{"name":"never"');
  server.cut();
  server.put("b");
  server.drop("a");
  await until("taken up", () => names(watch).join() === "b");
  expect(kinds(changes).slice(2)).toEqual(["gap", "added b", "gone a"]);
  expect(lists()).toBe(1);
  expect(said).toEqual([]);
});

test("a watch that the server ends when its time is over begins anew, without a gap", async () => {
  const { watch, changes, until } = await watching();
  server.bookmark();
  await realClock().sleep(50);
  server.end();
  await until("opened anew", () => server.watching === 1 && server.requests.length === 3);
  server.put("a");
  await until("followed", () => names(watch).join() === "a");
  expect(kinds(changes)).toEqual(["synced", "added a"]);
  expect(lists()).toBe(1);
});

test("a bookmark is where it goes on", async () => {
  const { until } = await watching();
  for (const name of ["a", "b"]) server.put(name);
  server.drop("a");
  server.bookmark();
  await realClock().sleep(50);
  server.end();
  await until("opened anew", () => server.requests.length === 3);
  expect(server.requests[2]).toContain("resourceVersion=103");
});

for (const how of ["as an event", "as an answer"] as const) {
  test(`what the server no longer knows (410 ${how}) is listed anew, and the difference is said as missed`, async () => {
    for (const name of ["same", "other", "gone", "new uid"]) server.put(name);
    const { watch, changes, until } = await watching();
    if (how === "as an answer") {
      let isFirst = true;
      server.answer = ({ url }, response) => url!.includes("watch=true") && isFirst && (isFirst = false, status(response, 410, "Expired", "too old resource version"));
    }
    server.cut();
    server.put("other", { mark: "x" });
    server.drop("gone");
    server.put("new uid", {}, "another");
    server.put("new");
    server.put("short");
    server.drop("short");
    if (how === "as an event") server.forget();
    await until("listed anew", () => names(watch).includes("new"));
    await until("watching", () => server.watching === 1);
    expect(kinds(changes).slice(5).filter((one) => one !== "gap")).toEqual(["missed gone gone", "missed changed other", "missed gone new uid", "missed added new uid", "missed added new"]);
    expect(kinds(changes)[5]).toBe("gap");
    expect(lists()).toBe(2);
    server.drop("new");
    await until("followed", () => !names(watch).includes("new"));
    expect(kinds(changes).at(-1)).toBe("gone new");
  });
}

test("a server that is away is waited for: said once, and again when it is back, with the gap from when to when", async () => {
  const clock = hurried(4);
  const { watch, changes, until } = await watching(clock);
  const leftMs = clock.now();
  await server.leave();
  await until("said", () => said.length === 1);
  expect(watch.awaySinceMs).toBeLessThanOrEqual(clock.now());
  await clock.sleep(4_000);
  expect(said).toEqual([expect.stringMatching(/^watches of http:\/\/127\.0\.0\.1:\d+ hear nothing \(.*ECONNREFUSED.*\)/)]);
  server.put("while away");
  const backMs = clock.now();
  await server.comeBack();
  await until("back", () => names(watch).join() === "while away");
  expect(watch.awaySinceMs).toBeUndefined();
  expect(said).toEqual([expect.anything(), expect.stringContaining("go on after")]);
  const gap = changes.find((change) => change.kind === "gap")!;
  expect(gap).toMatchObject({ why: expect.stringContaining("SEA_KUBE_UNREACHABLE") });
  expect(gap.fromMs).toBeLessThanOrEqual(leftMs + 1_000);
  expect(gap.toMs).toBeGreaterThanOrEqual(backMs);
  expect(kinds(changes)).toEqual(["synced", "gap", "added while away"]);
  // Twelve seconds of tries that wait twice as long each time.
  expect(server.requests.length).toBeLessThan(12);
});

test("a watch that says nothing, not even a bookmark, is opened anew", async () => {
  const { watch, changes, until } = await watching(hurried(60));
  await until("opened anew", () => server.requests.filter((request) => request.includes("watch=true")).length >= 2);
  server.put("a");
  await until("followed", () => names(watch).join() === "a");
  expect(changes.find((change) => change.kind === "gap")).toMatchObject({ why: expect.stringContaining("said nothing for 90 s") });
});

test("what is no JSON, and errors of the server, end a connection and not the watch", async () => {
  const { watch, changes, until } = await watching();
  server.write("<html>gateway</html>\n");
  await until("opened anew", () => server.requests.length === 3 && server.watching === 1);
  server.write(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 500, message: "etcd is ill", metadata: {} } })}\n`);
  await until("opened anew", () => server.requests.length === 4 && server.watching === 1);
  server.put("a");
  await until("followed", () => names(watch).join() === "a");
  expect(kinds(changes)).toEqual(["synced", "gap", "gap", "added a"]);
  expect(changes[2]).toMatchObject({ why: expect.stringContaining("etcd is ill") });
});

test("a server that ends every watch at once is not asked in a tight circle", async () => {
  const { changes } = await watching();
  server.answer = ({ url }, response) => url!.includes("watch=true") && (response.end(), true);
  server.cut();
  await realClock().sleep(1_000);
  expect(server.requests.length).toBeLessThan(10);
  expect(changes.length).toBeLessThan(10);
});

test("credentials that end while it watches are read anew", async () => {
  const { watch, until } = await watching();
  await server.config("token: second");
  server.answer = ({ headers }, response) => headers.authorization !== "Bearer second" && status(response, 401, "Unauthorized", "Unauthorized");
  server.cut();
  server.put("a");
  await until("followed", () => names(watch).join() === "a");
  expect(server.authorizations.at(-1)).toBe("Bearer second");
});

test("rights that are taken away midway are said, and the watch goes on when they are back", async () => {
  const { watch, until } = await watching(hurried(4));
  server.answer = (_, response) => status(response, 403, "Forbidden", 'pods is forbidden: User "sailor" cannot watch resource "pods" in API group "" in the namespace "shop"');
  server.cut();
  await until("said", () => said.length > 0);
  expect(said[0]).toContain('verbs: ["watch"]');
  server.answer = () => false;
  server.put("a");
  await until("followed", () => names(watch).join() === "a");
});

test("a first list that is refused ends it, with the rule that is missing", async () => {
  server.answer = (_, response) => status(response, 403, "Forbidden", 'pods is forbidden: User "sailor" cannot list resource "pods" in API group "" in the namespace "shop"');
  api = await connect({ context: "rough", kubeconfig: server.kubeconfig, clock: realClock() });
  const watch = api.watch(resources.pods, { namespace: "shop" });
  const error = await watch.synced.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SeatrialError);
  expect(error).toMatchObject({ code: "SEA_KUBE_FORBIDDEN", hint: expect.stringContaining('{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }') });
  for await (const _ of watch) throw new Error("nothing was to be said");
});

test("an iterating reader gets every change, and one that is too slow is told so", async () => {
  const { watch, until } = await watching();
  const reader = watch[Symbol.asyncIterator]();
  const first = reader.next();
  server.put("a");
  expect((await first).value).toMatchObject({ kind: "added", key: { name: "a" } });
  for (let i = 0; i < 10_050; i++) server.put("b", { mark: String(i) });
  await until("all heard", () => watch.get("b", "shop")?.mark === "10049");
  expect((await reader.next()).value).toEqual({ kind: "overrun", lost: 10_000, atMs: expect.any(Number) });
  expect((await reader.next()).value).toMatchObject({ kind: "changed", now: { mark: "10000" } });
  watch.close();
  for await (const change of { [Symbol.asyncIterator]: () => reader }) expect(change.kind).toBe("changed");
});

test("whatever the wire does, what it said adds up to what is there", async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("put", "drop", "replace"), name: fc.constantFrom("a", "b", "c", "d"), mark: fc.string({ maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("cut", "end", "forget", "bookmark", "wait", "half") }) },
  );
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const own = await new RoughServer().start();
    const ownApi = await connect({ context: "rough", kubeconfig: own.kubeconfig, clock: realClock() });
    try {
      const there = new Map<string, string>();
      own.put("a");
      const watch = ownApi.watch<Mark>(resources.pods, { namespace: "shop", slim: ({ metadata }) => ({ name: metadata.name, mark: metadata.labels?.["mark"] ?? "" }) });
      const uids = new Map<string, string>();
      watch.on((change) => {
        if (!("key" in change)) return;
        const { name, uid } = change.key;
        if (change.kind === "added") {
          // Nothing begins twice, and nothing ends that has not begun.
          expect(there.has(name)).toBe(false);
          uids.set(name, uid);
        } else expect(uids.get(name)).toBe(uid);
        if (change.kind === "gone") there.delete(name);
        else there.set(name, change.now.mark);
      });
      await watch.synced;
      const has = new Set(["a"]);
      for (const one of steps) {
        if (one.do === "cut") own.cut();
        else if (one.do === "end") own.end();
        else if (one.do === "bookmark") own.bookmark();
        else if (one.do === "half") own.write('{"type":"MODIFIED","object":');
        else if (one.do === "wait") await realClock().sleep(20);
        else if (one.do === "forget") {
          own.cut();
          own.forget();
        } else if ("name" in one) {
          if (one.do === "drop" && has.delete(one.name)) own.drop(one.name);
          else if (one.do !== "drop") {
            own.put(one.name, { mark: one.mark }, one.do === "replace" ? `other ${one.mark}` : undefined);
            has.add(one.name);
          }
        }
      }
      // A line that was cut in half hides what comes after it until the connection ends.
      own.cut();
      own.put("last");
      has.add("last");
      const real = realClock();
      while (!there.has("last") && real.now() < 15_000) await real.sleep(5);
      expect([...there.keys()].sort()).toEqual([...has].sort());
      expect(new Map(watch.now().map(({ name, mark }) => [name, mark]))).toEqual(there);
    } finally {
      ownApi.close();
      await own.stop();
    }
  }), { numRuns: 25 });
});
