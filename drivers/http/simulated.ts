import { SimulatedLoss, type SimulatedAnswer, type SimulatedService } from "../../src/model/simulated.ts";
import { isSource, type Engine, type Incoming, type Loss, type Outgoing } from "./engine.ts";
import { ReplyHeaders } from "./headers.ts";

/** The engine of a rehearsal: asks the simulated service, never the network. */
export function simulatedEngine(service: SimulatedService): Engine {
  return {
    dispatch(request, hearer) {
      const abandoning = new AbortController();
      const { signal } = abandoning;
      const end = (ended: Incoming | Loss) => {
        if (!signal.aborted) hearer.hear(ended);
      };
      service.request({ method: request.method, path: request.path, body: plainBody(request) }, signal).then(
        (answer) => end({ status: answer.status, headers: new ReplyHeaders(() => Object.entries(answer.headers).flat()), body: bytesOf(answer) }),
        (error: unknown) => {
          // Silence ends by abandoning alone, as on a connection that hangs.
          if (error instanceof SimulatedLoss && error.kind === "silence") return;
          end(error instanceof SimulatedLoss ? { loss: error.kind as "refused" | "reset", error: "simulated" } : { loss: "protocol", error: String(error) });
        },
      );
      return {
        abandon: () => {
          abandoning.abort();
          return undefined;
        },
      };
    },
    async close() {},
  };
}

/** The simulated service takes values, not bytes: JSON arrives parsed, as a REST framework would hand it over. */
function plainBody({ headers, body }: Outgoing): unknown {
  // A rehearsal reads no file, and waits for no stream.
  if (isSource(body)) return undefined;
  if (typeof body !== "string" || headers.get("content-type")?.startsWith("application/json") !== true) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function bytesOf({ body }: SimulatedAnswer): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (body === undefined) return new Uint8Array();
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}
