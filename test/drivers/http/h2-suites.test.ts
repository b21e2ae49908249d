/** The promises of the seam over HTTP/2: every suite that a server of either version can serve. */
import { underTest } from "./worlds.ts";

underTest.engine = "h2";
await import("./cookies.test.ts");
await import("./redirects.test.ts");
await import("./replies.test.ts");
await import("./requests.test.ts");
await import("./tls.test.ts");
