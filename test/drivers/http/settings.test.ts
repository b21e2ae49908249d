import { describe, expect, test } from "vitest";
import { basic, bearer, http, type HttpSettings } from "../../../drivers/http/index.ts";
import { userContext } from "../../contract/driver.ts";

const base = "https://shop.example";

describe("what can't be is refused when the driver is made", () => {
  test.each<[string, unknown, string, string?]>([
    ["no target", {}, "SEA_HTTP_SETTING", "http.base"],
    ["two targets", { base, service: "shop" }, "SEA_HTTP_SETTING", "http.base"],
    ["a base without scheme", { base: "shop.example" }, "SEA_HTTP_BASE", "http.base"],
    ["a base of another scheme", { base: "ws://shop.example" }, "SEA_HTTP_BASE"],
    ["a base with a login", { base: "https://mary:pw@shop.example" }, "SEA_HTTP_BASE"],
    ["a base with a query", { base: "https://shop.example/?a=b" }, "SEA_HTTP_BASE"],
    ["a service without name", { service: "" }, "SEA_HTTP_SETTING", "http.service"],
    ["a time-out of another unit", { base, timeout: "5 sec" }, "SEA_UNIT_DURATION", "http.timeout"],
    ["no time at all", { base, timeout: "0s" }, "SEA_HTTP_SETTING", "http.timeout"],
    ["a keep-alive of true", { base, keepAlive: true }, "SEA_UNIT_DURATION", "http.keepAlive"],
    ["half a redirect", { base, redirects: 0.5 }, "SEA_HTTP_SETTING", "http.redirects"],
    ["fewer redirects than none", { base, redirects: -1 }, "SEA_HTTP_SETTING"],
    ["no connection", { base, connections: 0 }, "SEA_HTTP_SETTING", "http.connections"],
    ["a limit in words", { base, bodyLimitBytes: "1MB" }, "SEA_HTTP_SETTING", "http.bodyLimitBytes"],
    ["a bad header", { base, headers: { "bad name": "x" } }, "SEA_HTTP_HEADER", "http.headers"],
    ["a login in words", { base, auth: "mary:pw" }, "SEA_HTTP_SETTING", "http.auth"],
    ["a typing slip", { base, timeOut: "5s" }, "SEA_HTTP_SETTING", "http"],
    ["a trust in words", { base, tls: { insecure: "yes" } }, "SEA_HTTP_SETTING", "http.tls.insecure"],
    ["no name to ask for", { base, tls: { servername: "" } }, "SEA_HTTP_SETTING", "http.tls.servername"],
    ["a certificate without its key", { base, tls: { cert: "x" } }, "SEA_HTTP_SETTING", "http.tls.cert"],
    ["a typing slip in tls", { base, tls: { servenrame: "x" } }, "SEA_HTTP_SETTING", "http"],
  ])("%s", (_, settings, code, place) => {
    expect(() => http(settings as HttpSettings)).toThrow(expect.objectContaining({ code, ...(place && { place }) }));
  });

  test("a colon in a user's name", () => {
    expect(() => basic("ma:ry", "pw")).toThrow(expect.objectContaining({ code: "SEA_HTTP_SETTING" }));
  });
});

// Held by the compiler: each line must be an error.
void ((): unknown[] => [
  // @ts-expect-error neither base nor service
  http({}),
  // @ts-expect-error both
  http({ base, service: "shop" }),
  // @ts-expect-error no unit
  http({ base, timeout: "5" }),
  // @ts-expect-error a slip
  http({ base, timeOut: "5s" }),
  // @ts-expect-error a login in words
  http({ base, auth: "mary:pw" }),
]);

test("a driver shows what plan needs, and no secret", () => {
  const driver = http({ service: "shop", auth: bearer("secret"), headers: { "x-key": "secret" }, tls: { cert: "x", key: "secret" } });
  expect(driver).toMatchObject({ kind: "http", service: "shop", rehearses: true });
  expect(Object.isFrozen(driver)).toBe(true);
  expect(JSON.stringify(driver)).not.toContain("secret");
  expect(http({ base }).service).toBeUndefined();
});

test("a driver that trusts any certificate says so", () => {
  expect(http({ base: "https://shop.example/api", tls: { insecure: true } }).caveats).toEqual(["Certificates are not checked for https://shop.example (tls.insecure)."]);
  expect(http({ service: "shop", tls: { insecure: true } }).caveats).toEqual(["Certificates are not checked for service shop (tls.insecure)."]);
  expect([http({ base }).caveats, http({ base, tls: { insecure: false } }).caveats]).toEqual([undefined, undefined]);
});

test("certificates that are none show as a session is opened", async () => {
  const driver = http({ base, tls: { ca: "not PEM", cert: "no", key: "no" } });
  await expect(driver.open(userContext().context)).rejects.toMatchObject({ code: "SEA_HTTP_SETTING", place: "http.tls" });
});

test("a service that the cluster does not have, or has at no http address", async () => {
  const driver = http({ service: "shop" });
  await expect(driver.open(userContext().context)).rejects.toMatchObject({ code: "SEA_HTTP_SERVICE", message: expect.stringContaining("'shop'") });
  await expect(driver.open(userContext({ service: () => "tcp://x" }).context)).rejects.toMatchObject({ code: "SEA_HTTP_BASE", place: "service shop" });
});

test("a login that is none shows when it is asked for", async () => {
  const driver = http({ base, auth: () => undefined as never });
  const { context, ops } = userContext();
  const session = await driver.open(context);
  await expect(session.get("/")).rejects.toMatchObject({ code: "SEA_HTTP_SETTING", place: "http.auth" });
  expect(ops).toEqual([]);
  await driver.close(session);
});
