import type { LedgerView } from "../src/ledger/view.ts";
import type { Report } from "../src/model/report.ts";
import { csv } from "./csv/index.ts";
import { ctrf } from "./ctrf/index.ts";
import { html } from "./html/index.ts";
import { json } from "./json/index.ts";
import { junit } from "./junit/index.ts";
import { markdown } from "./markdown/index.ts";
import { terminal } from "./terminal/index.ts";

export { LiveTerminal, finalText, mannerOf, type Manner, type Out } from "./terminal/index.ts";
export type { Summary } from "./json/summary.ts";
export { summaryVersion } from "./json/summary.ts";

/** Every format by its name. */
export const reports = { terminal, html, junit, json, csv, markdown, ctrf } as const satisfies Readonly<Record<string, Report<LedgerView>>>;
