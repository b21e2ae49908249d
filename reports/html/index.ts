import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { LedgerView } from "../../src/ledger/view.ts";
import type { Report } from "../../src/model/report.ts";
import { html as markup } from "./element.ts";
import { mark } from "./opening.ts";
import { page } from "./page.ts";

const beside = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const uplot = (name: string): string => readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), "utf8");

/** A folder that reads completely where scripts and inline styles are forbidden; with scripts its plots zoom and its tables sort. */
export const html: Report<LedgerView> = {
  kind: "html",
  render: (view, verdict) => ({
    main: "index.html",
    files: {
      "index.html": page(view, verdict),
      "report.css": beside("report.css"),
      "report.js": beside("report.js"),
      "uplot.js": uplot("uPlot.iife.min.js"),
      "uplot.css": uplot("uPlot.min.css"),
      "mark.svg": mark(markup`xmlns="http://www.w3.org/2000/svg" width="32" height="32" color="#0b6478"`).text,
    },
  }),
};
