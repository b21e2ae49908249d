import { afterAll, beforeAll } from "vitest";
import { mobile } from "../../../drivers/mobile/index.ts";
import { Server } from "../../../drivers/mobile/server.ts";
import { realClock } from "../../../src/units/clock.ts";
import { driverContract, until } from "../../contract/driver.ts";
import { app, gate, root } from "./world.ts";

let server: Server;
beforeAll(async () => {
  server = await Server.start({ home: root }, realClock(), "fake");
  // What loading it opens for good, such as this process's own output, is no session's.
  await import("webdriverio");
  // The connection that asked whether it is up is on its way out.
  await until("an end of it", () => !process.getActiveResourcesInfo().includes("TCPSocketWrap"));
}, 60_000);
afterAll(() => server.stop());

driverContract("mobile", async () => {
  const way = await gate(server.url);
  const driver = mobile({ platform: "fake", app, server: way.url, timeout: "1s" });
  return {
    driver,
    seen: way.seen,
    touchOk: (phone) => phone.label("rope").tap(),
    touchRefused: (phone) => phone.label("anchor").tap({ timeout: "50ms" }),
    touchHang: (phone) => {
      way.hold();
      return phone.label("rope").tap({ timeout: "30s" });
    },
    signIn: (phone) => phone.id("name").fill("ada"),
    isSignedIn: async (phone) => (await phone.id("name").read()) === "ada",
    stop: way.stop,
  };
});
