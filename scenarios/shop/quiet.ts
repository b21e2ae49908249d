/**
 * Keeps Node's "experimental" warnings out of the log: node:sqlite is still marked so on the older
 * versions that the shop must run on. Imported before anything that could warn.
 */
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") console.error(warning);
});
