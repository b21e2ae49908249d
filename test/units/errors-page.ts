/** Writes src/units/ERRORS.md from the catalogue; a test holds the two equal. */
import { writeFileSync } from "node:fs";
import { catalogue, type CatalogueRow } from "../../src/units/catalogue.ts";

const cell = (text: string) => text.replaceAll("|", "\\|");

/** The page as it should be. */
export function errorsPage(): string {
  const rows = Object.entries<CatalogueRow>(catalogue).map(([code, { message, hint }]) => `| \`${code}\` | ${cell(message)} | ${cell(hint)} |`);
  return `# Errors

Every error that Seatrial throws on purpose. Words in \`{}\` are filled in when it is thrown. Made from
\`catalogue.ts\` by \`npm run errors\`.

| Code | What is wrong | What to do |
|---|---|---|
${rows.join("\n")}
`;
}

if (import.meta.main) writeFileSync(new URL("../../src/units/ERRORS.md", import.meta.url), errorsPage());
