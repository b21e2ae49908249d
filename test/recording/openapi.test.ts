import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { beforeAll, describe, expect, test } from "vitest";
import { readOpenapi } from "../../src/recording/openapi/openapi.ts";
import { sampleOf } from "../../src/recording/openapi/sample.ts";
import { walkOf, write } from "./shape.ts";

const petShop = readFileSync(new URL("fixtures/pet-shop.json", import.meta.url), "utf8");
const api = (paths: object, more: object = {}) => JSON.stringify({ openapi: "3.0.3", info: {}, paths, ...more });
const read = (text: string) => readOpenapi(text, "api", "api.json");
const lines = async (text: string) => walkOf(write(await read(text)).text);

describe("a description of an API", () => {
  let [text, notes, variables]: [string, readonly string[], readonly string[]] = ["", [], []];
  beforeAll(async () => void ({ text, notes, variables } = write(await read(petShop))));

  test("a journey for each tag, at the server's address", () => {
    expect(text).toContain('const eu = http({ base: "https://eu.pets.example/api/v1" });');
    expect([...text.matchAll(/^export const (\w+) = journey/gm)].map(([, name]) => name)).toEqual(["pets", "owners"]);
  });
  test("parameters, references and templates", () => {
    expect(text).toContain('await eu.get("/pets?limit=20",');
    expect(text).toContain('eu.get("/pets/3fa85f64-5717-4562-b3fc-2c963f66afa6", {');
    expect(text).toContain('name: "/pets/:petId"');
  });
  test("a body is the smallest that fits: no id of the service's own, no endless pets", () => {
    expect(text).toContain('{ name: "text", kind: "cat", age: 7, parent: { name: "text", kind: "cat", parent: null } }');
  });
  test("logins and secrets are the environment's", () => {
    expect(text).toContain('auth: bearer(process.env["API_TOKEN"]!)');
    expect(text).toContain('headers: { "x-pet-key": process.env["X_PET_KEY"]! }');
    expect(text).not.toContain("s3cret");
    expect(variables).toEqual(["API_TOKEN", "X_PET_KEY", "EU_PASSWORD"]);
  });
  test("in YAML it is the same, with anchors and merge keys", async () => {
    const document = JSON.parse(petShop) as { paths: object };
    const yaml = stringify(document, { aliasDuplicateObjects: false });
    expect(write(await read(`# a comment\n${yaml}`)).text).toBe(text);
    const merged = yaml.replace("    get:\n      tags:\n        - pets\n      responses: {}\n    delete", "    get:\n      <<: &told { tags: [pets] }\n      responses: {}\n    delete");
    expect(merged).not.toBe(yaml);
    expect(write(await read(merged)).text).toBe(text);
  });
  test("what deletes and what is deprecated is left out, and told", () => {
    expect(text).not.toMatch(/\.delete\(|"\/old"/);
    expect(notes).toEqual(["what deletes: DELETE /pets/{petId}", "deprecated: GET /old"]);
  });
});

test("an API without a server or a tag", async () => {
  const written = write(await read(api({ "/a": { get: { parameters: [{ name: "q", in: "query" }] } } })));
  expect(written.text).toContain('base: "http://127.0.0.1:8080"');
  expect(walkOf(written.text)[1]).toBe('await site.get("/a");');
  expect(written.notes.join()).toContain("http://127.0.0.1:8080");
});

test("an operation's own parameter wins, and a value can't leave its segment", async () => {
  const own = { name: "id", in: "path", required: true, example: "a/b?c#d" };
  expect((await lines(api({ "/x/{id}": { parameters: [{ ...own, example: "path" }], get: { parameters: [own] } } }))).join(" ")).toContain('"/x/a%2Fb%3Fc%23d"');
});

test.each<[string, object, unknown]>([
  ["const", { const: 7 }, 7], ["enum", { enum: ["a", "b"] }, "a"], ["examples", { type: "string", examples: ["x"] }, "x"], ["minimum", { type: "integer", minimum: 18, multipleOf: 5 }, 20],
  ["more than, in 3.0", { type: "integer", minimum: 5, exclusiveMinimum: true }, 6], ["more than, in 3.1", { type: "integer", exclusiveMinimum: 5 }, 6],
  ["length", { type: "string", minLength: 6, maxLength: 6 }, "textxx"], ["list", { type: "array", minItems: 2, items: { type: "boolean" } }, [true, true]], ["date", { type: "string", format: "date" }, "2026-01-31"],
  ["allOf", { allOf: [{ type: "object", properties: { a: { const: 1 } } }, { type: "object", properties: { b: { const: 2 } } }], properties: { c: { const: 3 } } }, { a: 1, b: 2, c: 3 }],
  ["oneOf", { oneOf: [{ type: "number" }, { type: "string" }] }, 1], ["type list", { type: ["null", "integer"] }, 1], ["nothing known", {}, "text"],
])("a sample: %s", (_, schema, sample) => expect(sampleOf(schema, (value) => value, "x")).toEqual(sample));

test.each<[string, object, string]>([
  ["http basic", { type: "http", scheme: "basic" }, 'auth: () => basic(process.env["API_USER"]!, process.env["API_PASSWORD"]!)'],
  ["OAuth 2", { type: "oauth2", flows: {} }, 'auth: () => bearer(process.env["API_TOKEN"]!)'],
  ["a key in a header", { type: "apiKey", in: "header", name: "X-Key" }, 'headers: { "x-key": process.env["X_KEY"]! }'],
  ["a key in the query", { type: "apiKey", in: "query", name: "api_key" }, 'params: { api_key: process.env["API_KEY"]! }'],
  ["a key in a cookie", { type: "apiKey", in: "cookie", name: "sid" }, 'site.cookies.set("sid", process.env["SID"]!)'],
])("security: %s", async (_, scheme, code) => {
  const { text } = write(await read(api({ "/a": { get: {} } }, { security: [{ own: [] }], components: { securitySchemes: { own: scheme } } })));
  expect(text.replace(/\s+/g, " ")).toContain(code);
});

test("a schema that speaks of itself many times ends", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `p${index}`);
  const node = { type: "object", required: names, properties: Object.fromEntries(names.map((name) => [name, { $ref: "#/components/schemas/Node" }])) };
  const text = api({ "/x": { post: { requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Node" } } } } } } }, { components: { schemas: { Node: node } } });
  expect((await read(text)).flows).toHaveLength(1);
});

test.each<[string, string, string, string]>([
  ["broken YAML", "openapi: 3.1.0\ninfo:\n  title: x\n a: b\n", "SEA_IMPORT_YAML", "api.json:4:1"],
  ["a name twice", "openapi: 3.1.0\nopenapi: 3.1.0\n", "SEA_IMPORT_YAML", "api.json:2:1"],
  ["a ring of aliases", "openapi: 3.1.0\npaths: &a\n  /x: *a\n", "SEA_IMPORT_YAML", "api.json"],
  ["a bomb of aliases", `openapi: 3.1.0\n${Array.from({ length: 12 }, (_, n) => `a${n}: &a${n} [${n === 0 ? "x" : `*a${n - 1},`.repeat(10)}]\n`).join("")}`, "SEA_IMPORT_YAML", "api.json"],
  ["prose", "Dear reader,\nthis is no description", "SEA_IMPORT_FORMAT", "api.json"],
  ["nothing", " \n", "SEA_IMPORT_JSON", "api.json"],
  ["Swagger 2", '{"swagger":"2.0"}', "SEA_IMPORT_FORMAT", "api.json"],
  ["something else", '{"log":{}}', "SEA_IMPORT_FORMAT", "api.json"],
  ["a ring", api({ "/x": { $ref: "#/paths/~1x" } }), "SEA_IMPORT_REF", 'paths["/x"]'],
  ["another file", api({ "/x": { get: { parameters: [{ $ref: "other.json#/x" }] } } }), "SEA_IMPORT_REF", 'paths["/x"].get.parameters[0]'],
  ["nowhere", api({ "/x": { get: { requestBody: { $ref: "#/constructor/name" } } } }), "SEA_IMPORT_REF", 'paths["/x"].get.requestBody'],
  ["an operation that is none", api({ "/x": { get: 3 } }), "SEA_IMPORT_SHAPE", 'paths["/x"].get'],
  ["a server that is no address", api({}, { servers: [{ url: "//[" }] }), "SEA_IMPORT_URL", "servers[0].url"],
  ["an odd server", api({}, { servers: [{ url: "https://a b/" }] }), "SEA_IMPORT_URL", "servers[0].url"],
])("%s is refused", (_, text, code, place) => expect(read(text)).rejects.toMatchObject({ code, place }));
