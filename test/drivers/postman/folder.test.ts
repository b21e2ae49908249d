import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { postman } from "../../../drivers/postman/index.ts";
import { runLoad } from "./run.ts";

let home: string;
/** A folder as Postman 12 keeps a collection in a repository. */
function write(files: Readonly<Record<string, string>>): string {
  home = mkdtempSync(join(tmpdir(), "seatrial-postman-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  return home;
}
afterEach(() => rmSync(home, { recursive: true, force: true }));

const orders = {
  ".resources/definition.yaml": `$kind: collection
name: Orders
variables:
  - key: item
    value: rope
auth:
  type: bearer
  credentials:
    - key: token
      value: '{{token}}'
scripts:
  - type: http:beforeRequest
    language: text/javascript
    code: |-
      pm.environment.set("log", (pm.environment.get("log") || "") + "/" + pm.info.requestName);
`,
  "place.request.yaml": `$kind: http-request
method: POST
url: '{{base}}/orders'
order: 2000
headers:
  - key: X-One
    value: '1'
  - key: X-Off
    value: '1'
    disabled: true
body:
  type: json
  content: |-
    { "item": "{{item}}" }
scripts:
  - type: afterResponse
    language: text/javascript
    code: |-
      pm.test("is placed", () => pm.response.to.have.status(201));
`,
  "list.request.yaml": `$kind: http-request
name: 'list: all'
method: GET
url: '{{base}}/echo/:what'
order: 1000
queryParams:
  - key: page
    value: '2'
  - key: off
    value: x
    disabled: true
pathVariables:
  - key: what
    value: all
settings:
  followRedirects: false
`,
  "inner/.resources/definition.yaml": "$kind: collection\nname: Inner\norder: 3000\nauth:\n  type: noauth\n",
  "inner/form.request.yaml": `$kind: http-request
method: POST
url: '{{base}}/echo/form'
body:
  type: urlencoded
  content:
    - key: a
      value: '1 2'
`,
  "inner/.resources/form.resources/examples/200.example.yaml": "$kind: http-example\n",
  "inner/query.request.yaml": `$kind: graphql-request
url: '{{base}}/echo/graph'
query: '{ a }'
variables: '{ "id": 1 }'
`,
};

test("a folder of Postman 12 is sent like an export, in both modes", async () => {
  const path = write(orders);
  const ran = await runLoad(path, { environment: { token: "t0k" } });
  expect(ran.seen.map(({ method, url, headers, body }) => [method, url, headers["authorization"] ?? null, body])).toEqual([
    ["GET", "/echo/all?page=2", "Bearer t0k", ""],
    ["POST", "/orders", "Bearer t0k", '{ "item": "rope" }'],
    ["POST", "/echo/form", null, "a=1%202"],
    ["POST", "/echo/graph", null, '{"query":"{ a }","variables":{ "id": 1 }}'],
  ]);
  expect(ran.seen[1]!.headers).toMatchObject({ "x-one": "1", "content-type": "application/json" });
  expect(ran.seen[1]!.headers).not.toHaveProperty("x-off");
  expect(ran.ops.map(({ step, outcome }) => [step, outcome])).toEqual([["list: all", "ok"], ["place", "ok"], ["Inner › form", "ok"], ["Inner › query", "ok"]]);

  const byNewman = await runLoad(path, { mode: "conformance", environment: { token: "t0k" } });
  const sent = ({ seen }: typeof ran) => seen.map(({ method, url, body, headers }) => [method, url, body, headers["authorization"], headers["content-type"]]);
  expect(sent(byNewman)).toEqual(sent(ran));
  expect(byNewman.ops.map(({ step }) => step)).toEqual(["list: all", "place", "place › is placed", "Inner › form", "Inner › query"]);
});

test.each([
  ["YAML that is none", { "a.request.yaml": "url: 'x\nmethod: GET\n" }, "SEA_POSTMAN_FORM", /a\.request\.yaml:\d+:\d+$/],
  ["a folder's variables", { "a.request.yaml": "url: x\n", "in/.resources/definition.yaml": "variables:\n  - key: a\n    value: b\n", "in/b.request.yaml": "url: x\n" }, "SEA_POSTMAN_FORM", /definition\.yaml$/],
  ["another protocol", { "a.request.yaml": "$kind: mqtt-request\nurl: mqtt://x\n" }, "SEA_POSTMAN_LOAD", /./],
  ["nothing in it", { "readme.md": "x" }, "SEA_POSTMAN_FORM", /./],
])("%s is refused", (_, files, code, place) => {
  const path = write(files as unknown as Record<string, string>);
  expect(() => postman(path)).toThrow(expect.objectContaining({ code, place: expect.stringMatching(place) as unknown }));
});

test("Newman is not asked for what it can't send", () => {
  const path = write({ "a.request.yaml": "$kind: grpc-request\nurl: x\n" });
  expect(() => postman(path, { mode: "conformance" })).toThrow(expect.objectContaining({ code: "SEA_POSTMAN_CONFORMANCE", message: expect.stringContaining("a: grpc-request") as unknown }));
});
