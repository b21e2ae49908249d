import type { LedgerView } from "../../src/ledger/view.ts";
import type { Report } from "../../src/model/report.ts";
import { beside, sharedAssets } from "./assets.ts";
import { page } from "./page.ts";

/** A folder that reads completely where scripts and inline styles are forbidden; with scripts its plots zoom and its tables sort. */
export const html: Report<LedgerView> = {
  kind: "html",
  render: (view, verdict) => ({
    main: "index.html",
    files: { "index.html": page(view, verdict), "report.js": beside("report.js"), ...sharedAssets() },
  }),
};
