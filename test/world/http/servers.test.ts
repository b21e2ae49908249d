/** The HTTP driver against the servers that services are made of: what they do on good days, and through reloads, restarts and kills. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { stream, type Body, type RequestOptions } from "../../../drivers/http/index.ts";
import type { TouchFailed } from "../../../src/model/op.ts";
import { sit } from "../../drivers/http/worlds.ts";
import { clock, until } from "../../cli/seatrial.ts";
import { describeWith } from "../../needs.ts";
import { isThere, kinds, shoreOf, type Shore } from "./shores.ts";

let weathers = 0;
async function* tides(): AsyncGenerator<string> {
  for (let n = 0; n < 50; n++) yield "tide".repeat(1_000);
}
const piece = "0123456789abcdef".repeat(64);

for (const kind of kinds) {
  describeWith(kind.program, kind.program === "node" || isThere(kind.program), kind.mend, kind.name, () => {
    let shore: Shore;
    // A Go program is built first, which takes its time on a machine that never built one.
    beforeAll(async () => void (shore = await shoreOf(kind)), 240_000);
    afterAll(() => shore?.end());

    test.each<[path: string, status: number, text: string]>([
      ["/small", 200, "ok"],
      ["/chunked", 200, piece.repeat(3)],
      ["/large", 200, piece.repeat(8_192)],
      ["/gzip", 200, piece.repeat(100)],
      ["/204", 204, ""],
      ["/304", 304, ""],
      ["/redirect", 200, "ok"],
      ["/slow", 200, "x".repeat(10)],
      ["/close", 200, "ok"],
    ])("%s", async (path, status, text) => {
      const { session, ops } = await sit({ base: shore.base });
      for (let n = 0; n < 3; n++) {
        const reply = await session.get(path);
        expect([reply.status, reply.text() === text]).toEqual([status, true]);
        // What a connection carried must leave nothing in the way of the next answer.
        expect((await session.get("/small")).text()).toBe("ok");
      }
      expect(ops).toHaveLength(6);
    });

    test("the heads alone", async () => {
      const { session } = await sit({ base: shore.base });
      for (const path of ["/small", "/large", "/chunked", "/gzip"]) {
        expect((await session.head(path)).bytes).toHaveLength(0);
        expect((await session.get("/small")).text()).toBe("ok");
      }
    });

    test("a megabyte there and back, by six connections at once", async () => {
      const { session } = await sit({ base: shore.base });
      const bodies = Array.from({ length: 12 }, (_, n) => String.fromCharCode(97 + n).repeat(1_000_000));
      const replies = await Promise.all(bodies.map((body) => session.post("/echo", body)));
      expect(replies.map((reply, n) => reply.text() === bodies[n])).toEqual(bodies.map(() => true));
    });

    test.each<[string, () => Body, RequestOptions]>([
      ["whole, asked before", () => "tide".repeat(50_000), { expectContinue: true }],
      ["as a stream of a known length", () => stream(tides, { lengthBytes: 200_000 }), {}],
      ["as a stream of a known length, asked before", () => stream(tides, { lengthBytes: 200_000 }), { expectContinue: true }],
      ...(kind.hearsChunks ? [["in chunks", () => stream(tides), {}], ["in chunks, asked before", () => stream(tides), { expectContinue: true }]] as [string, () => Body, RequestOptions][] : []),
    ])("a body that is sent %s", async (_, body, options) => {
      const { session } = await sit({ base: shore.base, connections: 1 });
      for (let n = 0; n < 3; n++) {
        expect((await session.post("/echo", body(), options)).text() === "tide".repeat(50_000)).toBe(true);
        expect((await session.get("/small")).text()).toBe("ok");
      }
    });

    test("a connection that the server ends after so many requests costs none", async () => {
      const { session, ops } = await sit({ base: shore.base, connections: 1 });
      const seen: string[] = [];
      for (let n = 0; n < 30; n++) seen.push((await (n % 2 === 0 ? session.get("/connection") : session.post("/connection"))).text());
      expect(ops.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
      if (kind.perConnection) expect(new Set(seen).size).toBe(Math.ceil(30 / kind.perConnection));
    });

    /** Users walk while `trouble` is made; every touch of theirs is held against what the server says it took. */
    const weather = async (trouble: () => Promise<void>): Promise<string[]> => {
      const earlier = new Set(shore.ids());
      const name = ++weathers;
      const users = await Promise.all(Array.from({ length: 10 }, () => sit({ base: shore.base, timeout: "10s", connections: 2 })));
      const touched: { id: string; method: string; outcome: string; cause: string }[] = [];
      let over = false;
      const walks = users.map(async ({ session }, user) => {
        for (let n = 0; !over; n++) {
          const method = n % 2 === 0 ? "POST" : "GET";
          const id = `${name}-${user}-${n}`;
          const thrown = await session.request(method, "/small", { params: { id }, name: "/small" }).then(() => undefined, (error: TouchFailed) => error);
          touched.push({ id, method, outcome: thrown?.outcome ?? "ok", cause: thrown?.failure.cause ?? "" });
          await clock.sleep(thrown ? 10 : 2);
        }
      });
      const oks = () => touched.filter(({ outcome }) => outcome === "ok").length;
      await until("load", () => oks() > 200);
      await trouble();
      const before = oks();
      await until("load afterwards", () => oks() > before + 200);
      over = true;
      await Promise.all(walks);
      const ops = users.flatMap((user) => user.ops);
      expect(ops.map(({ outcome, failure }) => `${outcome} ${failure?.cause ?? ""}`).toSorted()).toEqual(touched.map(({ outcome, cause }) => `${outcome} ${cause}`).toSorted());
      await Promise.all(users.map((user) => user.close()));
      const counts = new Map<string, number>();
      const took = () => {
        counts.clear();
        for (const id of shore.ids()) if (!earlier.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
        return counts;
      };
      // A log is written when the request is over, which may be a moment after its answer.
      await until("the log", () => took().size >= oks()).catch(() => {});
      const lies = touched.filter(({ id, method, outcome }) => {
        const times = counts.get(id) ?? 0;
        if (outcome === "refused") return times > 0;
        return times > (method === "POST" ? 1 : 2) || (outcome === "ok" && times === 0);
      });
      expect(lies).toEqual([]);
      return [...new Set(touched.flatMap(({ outcome, cause }) => (outcome === "ok" ? [] : `${outcome} ${cause}`)))].toSorted();
    };

    if (kind.reload) {
      test("a reload under load", async () => {
        const seen = await weather(async () => {
          for (let n = 0; n < 3; n++) {
            shore.reload();
            await clock.sleep(150);
          }
        });
        // It ends connections that idle, and a request may be on its way to one.
        expect(seen.filter((one) => one !== "unsure reset")).toEqual([]);
      });
    }

    test.each<[NodeJS.Signals, string[]]>([
      ["SIGTERM", ["refused refused", "unsure cut short", "unsure reset"]],
      ["SIGKILL", ["refused refused", "unsure cut short", "unsure reset"]],
    ])("a restart by %s under load", async (signal, may) => {
      const seen = await weather(() => shore.restart(signal));
      expect(seen).toContain("refused refused");
      expect(seen.filter((one) => !may.includes(one))).toEqual([]);
    });
  });
}
