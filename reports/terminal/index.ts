import type { LedgerView } from "../../src/ledger/view.ts";
import type { Report } from "../../src/model/report.ts";
import { finalText } from "./text.ts";

export { LiveTerminal } from "./live.ts";
export { mannerOf, type Manner, type Out } from "./manner.ts";
export { finalText } from "./text.ts";

/** The final text as a file, without colours. */
export const terminal: Report<LedgerView> = {
  kind: "terminal",
  render: (view, verdict) => ({ main: "summary.txt", files: { "summary.txt": finalText(view, verdict, { colour: false, columns: 80 }) } }),
};
