import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { html } from "./element.ts";
import { mark } from "./opening.ts";

/** A file that lies beside a module. */
export const beside = (name: string, module = import.meta.url): string => readFileSync(new URL(name, module), "utf8");
const uplot = (name: string): string => readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), "utf8");

/** The looks and the plots, which the report and the live page share. */
export const sharedAssets = () => ({
  "report.css": beside("report.css"),
  "plots.js": beside("plots.js"),
  "uplot.js": uplot("uPlot.iife.min.js"),
  "uplot.css": uplot("uPlot.min.css"),
  "mark.svg": mark(html`xmlns="http://www.w3.org/2000/svg" width="32" height="32" color="#0b6478"`).text,
});
