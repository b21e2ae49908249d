import { describe, expect, test } from "vitest";
import { postman, type PostmanOptions } from "../../../drivers/postman/index.ts";
import { SeatrialError } from "../../../src/units/errors.ts";
import { collection, folder, item } from "./collections/items.ts";
import { withFile } from "./run.ts";

/** What reading it throws. */
function refusal(content: object | string, options: PostmanOptions = {}, name = "collection.json"): SeatrialError {
  try {
    withFile(content, (file) => postman(file, options), name);
  } catch (error) {
    if (error instanceof SeatrialError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("what load mode can't do is said before the start, all at once, each with its place", () => {
  const one = (what: object, words = {}) => collection([folder("outer", [item("inner", what as Record<string, unknown>, words)])]);
  const get = { method: "GET", url: "{{base}}/" };
  test.each<readonly [string, object, string]>([
    ["a login", one({ ...get, auth: { type: "ntlm", ntlm: [] } }), "outer › inner: auth: ntlm"],
    ["another grant", one({ ...get, auth: { type: "oauth2", oauth2: [{ key: "grant_type", value: "authorization_code" }] } }), "outer › inner: auth: oauth2 by authorization_code without an access token"],
    ["a module", one(get, { test: `\nconst a = require("left-pad");` }), `outer › inner, test script, line 2: require("left-pad")`],
    ["a module by a name that nobody knows yet", one(get, { test: "require(name)" }), "line 1: require(…)"],
    ["the vault", one(get, { pre: "// pm.vault is told of here\nawaits(pm.vault.get('x'))" }), "outer › inner, pre-request script, line 2: pm.vault"],
    ["packages of Postman", one(get, { pre: "pm.require('@team/x')" }), "pm.require"],
    ["a script that is none", one(get, { test: "const ok = 1;\nif (" }), "outer › inner, test script"],
    ["TLS of its own", one(get, { behavior: { strictSSL: false } }), "outer › inner: strictSSL: false"],
    ["a protocol version", one(get, { behavior: { protocolVersion: "http2" } }), "protocolProfileBehavior.protocolVersion"],
    ["a header of the connection", one({ ...get, header: [{ key: "Content-Length", value: "3" }] }), "outer › inner: header Content-Length"],
    ["a file that is not there", one({ method: "POST", url: "{{base}}/", body: { mode: "formdata", formdata: [{ key: "f", type: "file", src: "no/such/file" }] } }), "outer › inner: the file no/such/file is not there"],
    ["another protocol", one({ method: "GET", url: "ws://x/" }), "outer › inner: protocol ws"],
    ["a proxy of its own", one({ ...get, proxy: { host: "x" } }), "a proxy of the request's own"],
  ])("%s", (_, given, says) => {
    const error = refusal(given);
    expect(error.code).toBe("SEA_POSTMAN_LOAD");
    expect(error.message).toContain(says);
    expect(error.hint).toContain("conformance");
  });

  test("all of them are listed", () => {
    const { message } = refusal(collection([item("a", get, { test: "pm.vault" }), item("b", { ...get, auth: { type: "hawk" } }), item("c", get, { pre: "require('nobody')" })]));
    expect(message.match(/\n- /g)).toHaveLength(3);
    expect(message).toContain("3 things");
  });

  test("words in texts, comments and patterns are no reason", () => {
    expect(() => withFile(one(get, { test: `// require("left-pad")\n/* pm.vault */ const a = /"require(x)\\/\\//; const b = 1 / 2; // import("x")\nmy.require("x"); const url = "http://x"; // pm.vault` }), (file) => postman(file))).not.toThrow();
  });
});

describe("files that can't be read are refused with their place", () => {
  test.each<readonly [string, string, string, string]>([
    ["no JSON", '{ "info": {},\n "item": [ }', "SEA_POSTMAN_FORM", ":2"],
    ["empty", "", "SEA_POSTMAN_FORM", "collection.json"],
    ["no collection", "[]", "SEA_POSTMAN_FORM", "collection.json"],
    ["no items", '{ "info": { "name": "x" } }', "SEA_POSTMAN_FORM", "collection.json"],
    ["version 1", '{ "id": "1", "requests": [], "order": [] }', "SEA_POSTMAN_VERSION", "collection.json"],
    ["nothing to send", '{ "info": { "name": "x" }, "item": [] }', "SEA_POSTMAN_EMPTY", "collection.json"],
  ])("%s", (_, text, code, place) => {
    const error = refusal(text);
    expect([error.code, error.place]).toEqual([code, expect.stringContaining(place)]);
  });

  test("a folder that nobody has says which there are", () => {
    const error = refusal(collection([folder("orders", [item("place", "{{base}}/")])]), { folder: "order" });
    expect([error.code, error.hint]).toEqual(["SEA_POSTMAN_FOLDER", "it has: orders, place"]);
  });

  test("settings that nobody knows, and data that holds no rows", () => {
    const fine = collection([item("a", "{{base}}/")]);
    expect(refusal(fine, { enviroment: "x" } as never).code).toBe("SEA_POSTMAN_SETTING");
    expect(refusal(fine, { mode: "newman" as never }).hint).toContain('"load" or "conformance"');
    expect(refusal(fine, { iterations: 0 }).place).toBe("postman.iterations");
    expect(refusal(fine, { http: { base: "http://x" } as never }).code).toBe("SEA_POSTMAN_SETTING");
    expect(refusal(fine, { data: [] }).code).toBe("SEA_POSTMAN_FORM");
    expect(refusal(fine, { environment: "no/such.json" }).code).toBe("SEA_POSTMAN_FILE");
  });
});
