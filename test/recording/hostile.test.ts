import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCurl } from "../../src/recording/curl/curl.ts";
import { readHar } from "../../src/recording/har/har.ts";
import { readK6 } from "../../src/recording/k6/k6.ts";
import { readOpenapi } from "../../src/recording/openapi/openapi.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { har } from "./archive.ts";
import { statementsOf, wordsOf, write } from "./shape.ts";

/** All that a scenario of ours may call, whatever the recording said. */
const ours = new Set([
  "http", "journey", "scenario", "arrivals", "users", "times", "split", "form", "multipart", "basic", "bearer", "readFile", "encodeURIComponent", "String", "Number",
  ".get", ".head", ".options", ".delete", ".post", ".put", ".patch", ".request", ".header", ".set", ".json", ".step", ".think", ".stringify", ".all", ".map",
]);
const kinds = new Set(["ImportDeclaration", "VariableDeclaration", "ExportNamedDeclaration", "ExportDefaultDeclaration"]);

function expectTame(text: string): void {
  expect(statementsOf(text).filter((kind) => !kinds.has(kind))).toEqual([]);
  expect([...wordsOf(text)].filter((word) => !ours.has(word))).toEqual([]);
  // Nothing that a reader can't see, or that turns the line around.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
}

const pieces = ["`", "${", "}", "'", '"', "\\", "*/", "/*", "//", "\n", "\r\n", "\u2028", "\u2029", "\u202e", "\u200b", "\0", "\x1b[31m", "$", "{", "evil()", "process.exit()", ");", "</script>", "__proto__", "constructor", "import('x')", "\ud800", "😀", "%", "%60", "&", "=", "a", " "];
const wild = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 8 }).map((parts) => parts.join(""));
const json = fc.jsonValue({ maxDepth: 3 }).chain((value) => fc.tuple(fc.constant(value), wild, wild)).map(([value, name, text]) => ({ [name]: text, more: value }));

/** What a reader refuses is told with a code; anything else that it throws is a mistake of ours. */
async function written(read: () => Recording | Promise<Recording>, name = "x"): Promise<string | undefined> {
  try {
    return write(await read(), "group", name).text;
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^SEA_IMPORT_/) });
    return undefined;
  }
}

describe("no word of a recording becomes code", () => {
  test("an archive", async () => {
    const told = fc.record({
      method: fc.constantFrom("GET", "POST", "PURGE"), path: wild, query: wild, header: wild, value: wild, body: fc.oneof(wild, json.map((one) => JSON.stringify(one))), answer: json, page: wild,
      type: fc.oneof(wild, fc.constantFrom("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/css")), status: fc.constantFrom(0, 200, 302, 404), location: wild, host: fc.constantFrom("shop", "api.shop"),
    });
    await fc.assert(fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 4 }), wild, async (all, name) => {
      const text = har(all.map(({ path, query, header, value, location, page, type, host, ...one }, index) => ({
        ...one, url: `https://${host}.example/${path}?q=${query}`, at: index * 500, type, mime: type, page: String(index), headers: { [header]: value, authorization: value, cookie: `${header}=${value}` }, answered: { location, "set-cookie": value },
      })), { 0: name, 1: all[0]!.page });
      const scenario = await written(() => readHar(text, name, "f.har"), name);
      if (scenario !== undefined) expectTame(scenario);
    }), { numRuns: 300 });
  });

  test("what an answer gave", () => {
    const key = fc.oneof(wild.filter((name) => name !== "" && name !== "__proto__"), fc.constantFrom("id", "a b", "constructor"));
    fc.assert(fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), (keys) => {
      const answer = keys.reduceRight<unknown>((inner, name) => ({ [name]: inner, other: [inner] }), { id: "ord-81f2-77" });
      const { text } = write(readHar(har([{ url: "https://shop.example/", answer: { first: answer } }, { url: "https://shop.example/orders/ord-81f2-77", at: 100 }]), "x", "f"));
      expectTame(text);
    }), { numRuns: 200 });
  });

  test("commands", async () => {
    const quoted = wild.map((text) => `'${text.replaceAll("'", "'\\''")}'`);
    const option = fc.tuple(fc.constantFrom("-H", "-d", "--data-urlencode", "-F", "-u", "-b", "--json", "-T", "--url-query", "-A", "-X"), quoted).map((two) => two.join(" "));
    await fc.assert(fc.asyncProperty(fc.array(option, { maxLength: 4 }), quoted, async (options, path) => {
      const scenario = await written(() => readCurl(`curl ${options.join(" ")} https://shop.example/${path}\ncurl https://${path}@shop.example/`, "x", "f.sh"));
      if (scenario !== undefined) expectTame(scenario);
    }), { numRuns: 300 });
    await fc.assert(fc.asyncProperty(wild, async (text) => void (await written(() => readCurl(`curl ${text}`, "x", "f.sh")))), { numRuns: 300 });
  });

  test("a description", async () => {
    await fc.assert(fc.asyncProperty(wild, wild, json, async (name, text, value) => {
      const operation = {
        tags: [name], summary: text, security: [{ [name]: [] }], parameters: ["path", "query", "header", "cookie"].map((where) => ({ name, in: where, required: true, example: text })),
        requestBody: { content: { [text]: { example: value }, "application/json": { schema: { properties: { [name]: { example: value } } } } } },
      };
      const document = { openapi: "3.0.0", paths: { [`/${text}/{${name}}`]: { post: operation } }, components: { securitySchemes: { [name]: { type: "apiKey", in: "header", name: text } } } };
      const scenario = await written(() => readOpenapi(JSON.stringify(document), name, "api.json"), text);
      if (scenario !== undefined) expectTame(scenario);
    }), { numRuns: 300 });
  });

  test("options of k6", async () => {
    await fc.assert(fc.asyncProperty(wild, wild, async (name, text) => {
      const options = { scenarios: { [name]: { executor: "constant-vus", vus: 1, duration: "1s", exec: text, env: { [text]: name } } }, thresholds: { [`http_req_duration{scenario:${name}}`]: [text, "p(95)<200"], [text]: ["rate<1"] } };
      const scenario = await written(() => readK6(JSON.stringify(options), name, "f"), text);
      if (scenario !== undefined) expectTame(scenario);
    }), { numRuns: 300 });
  });
});
