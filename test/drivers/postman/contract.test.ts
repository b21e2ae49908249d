import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postman } from "../../../drivers/postman/index.ts";
import type { PostmanSession } from "../../../drivers/postman/index.ts";
import { driverContract } from "../../contract/driver.ts";
import { collection, item } from "./collections/items.ts";
import { startEcho } from "./server.ts";

const harbour = collection([
  item("ok", "{{base}}/echo"),
  item("refused", "http://127.0.0.1:1/"),
  item("hang", "{{base}}/hang"),
  item("sign in", "{{base}}/cookies?sid=1"),
  item("who", "{{base}}/echo/who"),
]);

for (const mode of ["load", "conformance"] as const) {
  driverContract<PostmanSession>(`postman, ${mode}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "seatrial-postman-"));
    const file = join(folder, "harbour.json");
    writeFileSync(file, JSON.stringify(harbour));
    const echo = await startEcho();
    return {
      driver: postman(file, { mode, environment: { base: echo.base } }).drivers.postman,
      seen: () => echo.seen.length,
      touchOk: (session) => session.touch("ok"),
      touchRefused: (session) => session.touch("refused"),
      touchHang: (session) => session.touch("hang"),
      signIn: (session) => session.touch("sign in"),
      async isSignedIn(session) {
        await session.touch("who");
        return String(echo.seen.at(-1)!.headers["cookie"]).includes("sid=1");
      },
      async stop() {
        await echo.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  });
}
