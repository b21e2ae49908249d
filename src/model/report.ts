import type { Verdict } from "./verdict.ts";

/** Files of a rendering by name relative to the report's folder; `main` is the one to open. */
export interface Rendering {
  readonly main: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** A rendering of a ledger and its verdict. */
export interface Report<View> {
  readonly kind: string;
  /** @param folder where the report will lie, from the working directory: CI servers look for attachments from there. Default: there. */
  render(ledger: View, verdict: Verdict, folder?: string): Rendering;
}
