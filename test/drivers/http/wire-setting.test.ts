import { expect, test } from "vitest";
import { http, type HttpSettings } from "../../../drivers/http/index.ts";

test("an engine that nobody built is refused", () => {
  expect(() => http({ base: "http://shop.example", engine: "curl" } as unknown as HttpSettings)).toThrow(expect.objectContaining({ code: "SEA_HTTP_SETTING", place: "http.engine" }));
});
