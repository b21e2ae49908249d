import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { withShops } from "../../scenarios/shop/shop.ts";
import { makeHome, seatrial, summaryOf } from "../../cli/seatrial.ts";
import { collection, folder, item } from "./collections/items.ts";
import { runLoad } from "./run.ts";

const failing = `pm.test("first", () => pm.expect(1).to.equal(2)); pm.test("holds", () => {}); pm.test("second", () => { throw new Error("no"); });`;

test("a request is one op, refused by its first assertion that failed; further ones are counted by name", async () => {
  const { ops, checks } = await runLoad(collection([folder("orders", [item("place", "{{base}}/orders?token=s3cret&x=1", { test: failing })])]));
  expect(ops).toEqual([expect.objectContaining({ step: "orders › place", outcome: "refused" })]);
  expect(ops[0]!.failure).toMatchObject({ cause: "check: first", error: "expected 1 to equal 2", status: 201 });
  expect(ops[0]!.failure!.request).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/orders\?token=\*\*\*&x=1$/);
  expect(ops[0]!.failure!.body).toContain('"id":"order-7"');
  expect(checks).toEqual(["second"]);
});

test("an answer that no assertion judged is judged by its status", async () => {
  const { ops } = await runLoad(collection([item("gone", "{{base}}/status/503"), item("expected", "{{base}}/status/503", { test: `pm.test("is down", () => pm.response.to.have.status(503));` })]));
  expect(ops.map(({ outcome, failure }) => [outcome, failure?.cause])).toEqual([["refused", "status 503"], ["ok", undefined]]);
});

test("a script that broke refuses its request, and so does a lost connection; the rest is sent all the same", async () => {
  const { ops, checks } = await runLoad(collection([item("broken", "{{base}}/echo", { test: "nobody();" }), item("lost", "http://127.0.0.1:1/", { test: failing }), item("sent", "{{base}}/echo")]));
  expect(ops.map(({ step, failure }) => [step, failure?.cause])).toEqual([["broken", "script: ReferenceError"], ["lost", "refused"], ["sent", undefined]]);
  // What a script says of an answer that never came is no news.
  expect(checks).toEqual([]);
});

test("requests of scripts are ops beside the one that they belong to", async () => {
  const { ops } = await runLoad(collection([item("main", "{{base}}/echo", { pre: `pm.sendRequest(pm.environment.get("base") + "/echo/before", () => {});`, test: `pm.sendRequest("http://127.0.0.1:1/", () => {}); (async () => { const answer = await pm.sendRequest(pm.environment.get("base") + "/echo/after"); pm.test("awaited", () => pm.expect(answer.code).to.equal(200)); })();` })]));
  expect(ops.map(({ step, outcome }) => [step, outcome])).toEqual([["main › sendRequest", "ok"], ["main", "ok"], ["main › sendRequest", "refused"], ["main › sendRequest", "ok"]]);
});

test("pm.test waits for a promise", async () => {
  const { ops } = await runLoad(collection([item("a", "{{base}}/echo", { test: `pm.test("later", async () => { await new Promise((resolve) => setTimeout(resolve, 5)); pm.expect(1).to.equal(2); });` })]));
  expect(ops[0]!.failure).toMatchObject({ cause: "check: later" });
});

test("a secret in an answer is not written down", async () => {
  const { ops } = await runLoad(collection([item("a", { method: "GET", url: "{{base}}/echo", auth: { type: "bearer", bearer: [{ key: "token", value: "{{token}}" }] } }, { test: `pm.test("no", () => pm.expect(pm.response.text()).to.equal(""));` })]), { environment: { token: "very-s3cret" } });
  expect(JSON.stringify(ops)).not.toContain("very-s3cret");
  expect(ops[0]!.failure!.body).toContain("***");
});

test.each(["load", "conformance"] as const)("a failed request leaves request and answer in a file, without secrets: %s", async (mode) => {
  const request = { method: "POST", url: "{{base}}/orders?sig=QUERY-1", header: [{ key: "X-Api-Key", value: "HEADER-2" }, { key: "X-Plain", value: "{{password}}" }], body: { mode: "raw", raw: '{"item":"rope","pin":"BODY-3","note":"{{password}}"}' } };
  const { ops, files } = await runLoad(collection([item("place", request, { test: `pm.test("no", () => pm.expect(1).to.equal(2));` })]), { mode, environment: { password: "VARIABLE-4" } });
  const { failure } = ops.find((op) => op.outcome === "refused")!;
  expect(failure!.artifacts).toHaveLength(1);
  const text = files.get(failure!.artifacts![0]!.path)!;
  expect(text).toMatch(/^# place.*\n# check: no\n/);
  expect(text).toMatch(/\n\nPOST http:\S+\/orders\?sig=\*\*\* HTTP\/1\.1\n[^]*x-api-key: \*\*\*\n[^]*x-plain: \*\*\*\n[^]*\n\n\{"item":"rope","pin":"\*\*\*","note":"\*\*\*"\}\n\n### the answer\nHTTP\/1\.1 2\d\d\n/);
  for (const secret of ["QUERY-1", "HEADER-2", "BODY-3", "VARIABLE-4"]) expect(JSON.stringify([...files, ops])).not.toContain(secret);
});

test("a request that never came to be answered leaves one, too; where none is wanted there is none", async () => {
  const lost = collection([item("lost", "http://127.0.0.1:1/?token=QUERY-1")]);
  const { ops, files } = await runLoad(lost);
  expect(files.get(ops[0]!.failure!.artifacts![0]!.path)).toMatch(/# refused\n[^]*GET http:\/\/127\.0\.0\.1:1\/\?token=\*\*\*\n[^]*### no answer\n$/);
  expect((await runLoad(lost, { http: { evidence: false } })).files.size).toBe(0);
});

test("conformance keeps each request, each assertion and each row, also one that failed before one that held", async () => {
  const rows = [{ name: "oar", code: 404 }, { name: "rope", code: 200 }];
  const { ops } = await runLoad(collection([folder("in", [item("ask", "{{base}}/status/{{code}}", { pre: `if (pm.info.iteration === 1) throw new Error("pre");`, test: `pm.test("is fine", () => pm.response.to.have.status(200)); pm.test.skip("skipped");` })])]), { mode: "conformance", data: rows });
  expect(ops.map(({ step, outcome, failure }) => [step, outcome, failure?.cause])).toEqual([
    ["iteration 1 (oar) › in › ask", "ok", undefined],
    ["iteration 1 (oar) › in › ask › is fine", "refused", "check: is fine"],
    ["iteration 2 (rope) › in › ask › prerequest script", "refused", "script: Error"],
    ["iteration 2 (rope) › in › ask", "ok", undefined],
    ["iteration 2 (rope) › in › ask › is fine", "ok", undefined],
  ]);
  expect(ops[1]!.failure).toMatchObject({ status: 404, request: expect.stringMatching(/^GET http.*\/status\/404$/) as unknown });
});

test("rows of a CSV file are read as Newman reads them", async () => {
  const home = mkdtempSync(join(tmpdir(), "seatrial-postman-"));
  try {
    writeFileSync(join(home, "rows.csv"), '\ufeffname, n,quoted\nrope,7,"7"\n');
    const words = { test: `pm.test("types", () => { pm.expect(pm.iterationData.get("n")).to.equal(7); pm.expect(pm.iterationData.get("quoted")).to.equal("7"); pm.expect(pm.iterationData.get("name")).to.equal("rope"); });` };
    for (const mode of ["load", "conformance"] as const) {
      const { ops } = await runLoad(collection([item("a", "{{base}}/echo?n={{n}}", words)]), { mode, data: join(home, "rows.csv") });
      expect(ops.map(({ outcome }) => outcome)).not.toContain("refused");
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("the README's example runs: a collection once and as load", async () => {
  const root = new URL("../../../", import.meta.url);
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL("drivers/postman/README.md", root), "utf8"))!;
  await withShops(1, async ([shop]) => {
    const home = makeHome({ "package.json": '{ "type": "module" }', "example.ts": code!.replace("http://127.0.0.1:8080", shop!.url).replace('for: "1m"', 'for: "2s"').replace("users(50)", "users(5)").replace('p95: "200ms"', 'p95: "5s"') });
    try {
      const ended = await seatrial(["run", home.path("example.ts"), "--out", home.path("out")], { cwd: fileURLToPath(root) });
      // On a busy machine the generator may be late, and then nobody is sure; but nothing failed.
      expect([0, 2]).toContain(ended.code);
      const told = JSON.stringify(summaryOf(home.path("out")));
      expect(told).toContain("iteration 2 (rope) › orders › place › is placed");
      expect(told).not.toContain("check: ");
    } finally {
      home.remove();
    }
  });
}, 60_000);
