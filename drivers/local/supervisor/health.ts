import { get } from "node:http";
import { timing } from "../timing.ts";

/** True when the path answers 2xx in time, on a connection of its own. */
export function isWell(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path, agent: false, signal: AbortSignal.timeout(timing.checkMs) }, (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      response.on("error", () => {});
      resolve(status >= 200 && status < 300);
    });
    request.on("error", () => resolve(false));
  });
}
