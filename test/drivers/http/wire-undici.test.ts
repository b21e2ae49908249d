/** The other engine must keep the same promises: every suite that a real server serves, over undici. */
import { underTest } from "./worlds.ts";

underTest.engine = "undici";
await import("./connections.test.ts");
await import("./cookies.test.ts");
await import("./redirects.test.ts");
await import("./replies.test.ts");
await import("./requests.test.ts");
await import("./tls.test.ts");
await import("./sharing.test.ts");
await import("./timings.test.ts");
await import("./trouble.test.ts");
await import("./uploads.test.ts");
