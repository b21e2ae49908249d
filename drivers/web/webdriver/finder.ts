/**
 * Looks for the elements of a target, as Playwright does for its engine. Runs in the page, so it
 * stands on its own: nothing of this file is there.
 */
export const findElements = (steps: readonly any[]): any[] => {
  const page = globalThis as any;
  const { document } = page;
  const squash = (text: string) => text.replace(/\s+/g, " ").trim();
  const fits = (wanted: any, given: string): boolean => {
    const text = squash(given);
    if (wanted.flags !== undefined && wanted.flags !== null) return new RegExp(wanted.text, wanted.flags).test(text);
    const plain = squash(wanted.text);
    return wanted.exact ? text === plain : text.toLowerCase().includes(plain.toLowerCase());
  };
  /** Everything inside, open shadow roots included, in the order of the page. */
  const inside = (root: any): any[] => {
    const found: any[] = [];
    const walk = (node: any): void => {
      for (const child of node.children ?? []) {
        found.push(child);
        if (child.shadowRoot) walk(child.shadowRoot);
        walk(child);
      }
    };
    if (root.shadowRoot) walk(root.shadowRoot);
    walk(root);
    return found;
  };
  const style = (element: any) => element.ownerDocument.defaultView.getComputedStyle(element);
  const isHidden = (element: any): boolean => {
    if (style(element).visibility === "hidden" || (element.checkVisibility && !element.checkVisibility())) return true;
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) if (at.getAttribute("aria-hidden") === "true") return true;
    return false;
  };
  const silent = ["SCRIPT", "STYLE", "NOSCRIPT", "HEAD", "TEMPLATE"];
  const textOf = (node: any): string => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1 && node.nodeType !== 11 && node.nodeType !== 9) return "";
    if (silent.includes(node.nodeName)) return "";
    if (node.nodeName === "INPUT" && ["button", "submit", "reset"].includes(node.type)) return node.value;
    return [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(textOf).join("");
  };
  const byId = (element: any, ids: string): any[] => ids.split(/\s+/).map((id) => element.getRootNode().getElementById?.(id)).filter(Boolean);
  const labelsOf = (element: any): string[] => {
    const own = element.getAttribute("aria-labelledby");
    const spoken = own ? byId(element, own) : [];
    if (spoken.length > 0) return [spoken.map(textOf).join(" ")];
    const said = element.getAttribute("aria-label");
    return [...(element.labels ? [...element.labels].map(textOf) : []), ...(said ? [said] : [])];
  };

  const inputs: Record<string, string> = {
    button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton", search: "searchbox",
    text: "textbox", email: "textbox", tel: "textbox", url: "textbox",
  };
  const tags: Record<string, string> = {
    ARTICLE: "article", ASIDE: "complementary", BLOCKQUOTE: "blockquote", BUTTON: "button", CAPTION: "caption", CODE: "code", DATALIST: "listbox", DD: "definition", DEL: "deletion", DETAILS: "group",
    DFN: "term", DIALOG: "dialog", DT: "term", EM: "emphasis", FIELDSET: "group", FIGURE: "figure", FORM: "form", H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading",
    HR: "separator", HTML: "document", INS: "insertion", LI: "listitem", MAIN: "main", MARK: "mark", MATH: "math", MENU: "list", METER: "meter", NAV: "navigation", OL: "list", OPTGROUP: "group",
    OPTION: "option", OUTPUT: "status", P: "paragraph", PROGRESS: "progressbar", SEARCH: "search", STRONG: "strong", SUB: "subscript", SUP: "superscript", TABLE: "table", TBODY: "rowgroup", TD: "cell",
    TEXTAREA: "textbox", TFOOT: "rowgroup", TH: "columnheader", THEAD: "rowgroup", TIME: "time", TR: "row", UL: "list",
  };
  const roleOf = (element: any): string => {
    const said = element.getAttribute("role")?.trim().split(/\s+/)[0];
    if (said) return said;
    const tag = element.tagName.toUpperCase();
    if (tag === "A" || tag === "AREA") return element.hasAttribute("href") ? "link" : "generic";
    if (tag === "INPUT") return element.hasAttribute("list") && ["text", "email", "tel", "url", "search"].includes(element.type) ? "combobox" : (inputs[element.type] ?? "");
    if (tag === "SELECT") return element.multiple || element.size > 1 ? "listbox" : "combobox";
    if (tag === "IMG") return element.getAttribute("alt") === "" ? "presentation" : "img";
    if (tag === "SECTION") return labelsOf(element).length > 0 ? "region" : "generic";
    if (tag === "HEADER" || tag === "FOOTER") return element.closest("article, aside, main, nav, section") ? "generic" : tag === "HEADER" ? "banner" : "contentinfo";
    if (tag === "TH" && element.scope === "row") return "rowheader";
    return tags[tag] ?? "";
  };
  const namedByContent = [
    "button", "cell", "checkbox", "columnheader", "gridcell", "heading", "link", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "radio", "row", "rowheader", "switch", "tab", "tooltip", "treeitem",
  ];
  /** The text of what is inside as it is read out: pictures by their words, what is hidden not at all. */
  const contentOf = (node: any): string => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1) return "";
    if (silent.includes(node.nodeName) || isHidden(node)) return "";
    const said = node.getAttribute("aria-label");
    if (said) return said;
    if (node.nodeName === "IMG") return node.alt;
    const inner = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(contentOf).join("");
    return style(node).display === "inline" ? inner : ` ${inner} `;
  };
  const nameOf = (element: any): string => {
    const [...labels] = labelsOf(element);
    const said = element.getAttribute("aria-label");
    if (element.getAttribute("aria-labelledby") && labels.length > 0) return labels[0]!;
    if (said) return said;
    if (labels.length > 0) return labels.join(" ");
    const tag = element.tagName.toUpperCase();
    if (tag === "INPUT" && ["button", "submit", "reset"].includes(element.type)) return element.value || { submit: "Submit", reset: "Reset" }[element.type as string] || "";
    if (tag === "IMG" || tag === "AREA" || (tag === "INPUT" && element.type === "image")) return element.alt || element.title || "";
    const heading = tag === "FIELDSET" ? "legend" : tag === "TABLE" ? "caption" : tag === "FIGURE" ? "figcaption" : undefined;
    const titled = heading === undefined ? undefined : element.querySelector(heading);
    if (titled) return contentOf(titled);
    if (namedByContent.includes(roleOf(element))) {
      const text = squash([...(element.shadowRoot?.childNodes ?? []), ...element.childNodes].map(contentOf).join(""));
      if (text) return text;
    }
    return element.title || element.placeholder || "";
  };

  const find = (root: any, step: any): any[] => {
    if (step.by === "css") return inside(root).filter((element) => element.matches(step.at));
    if (step.by === "testId") return inside(root).filter((element) => element.getAttribute("data-testid") === step.at);
    if (step.by === "xpath") {
      const found = document.evaluate(root !== document && step.at.startsWith("/") ? `.${step.at}` : step.at, root, null, 7);
      return Array.from({ length: found.snapshotLength }, (_, n) => found.snapshotItem(n));
    }
    if (step.by === "label") return inside(root).filter((element) => labelsOf(element).some((text) => fits(step.text, text)));
    if (step.by === "role") return inside(root).filter((element) => roleOf(element) === step.role && !isHidden(element) && (!step.name || fits(step.name, nameOf(element))));
    const having = inside(root).filter((element) => !silent.includes(element.tagName) && fits(step.text, textOf(element)));
    return having.filter((element) => !having.some((other) => other !== element && (element.contains(other) || element.shadowRoot?.contains(other))));
  };
  let roots: any[] = [document];
  for (const step of steps) {
    if (step.by === "nth") roots = [roots.at(step.index)].filter(Boolean);
    else roots = [...new Set(roots.flatMap((root) => find(root, step)))];
  }
  return roots;
};

/**
 * Makes an element ready for an action: brings it into view, and says what stands in the way of it.
 * Runs in the page.
 */
export const readyElement = (element: any, kind: string): string | undefined => {
  if (kind === "upload") return undefined;
  const box = () => element.getBoundingClientRect();
  const style = element.ownerDocument.defaultView.getComputedStyle(element);
  if (style.visibility === "hidden" || (element.checkVisibility && !element.checkVisibility()) || box().width === 0 || box().height === 0) return "hidden";
  if (kind !== "hover" && (element.matches(":disabled") || element.closest("[aria-disabled=true]"))) return "disabled";
  if (kind === "fill" && element.readOnly) return "not editable";
  const view = element.ownerDocument.defaultView;
  const isOut = () => box().top < 0 || box().left < 0 || box().bottom > view.innerHeight || box().right > view.innerWidth;
  if (isOut()) element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  if (["fill", "press", "select"].includes(kind)) return undefined;
  const { left, top, width, height } = box();
  let hit = element.ownerDocument.elementFromPoint(left + width / 2, top + height / 2);
  while (hit?.shadowRoot?.elementFromPoint(left + width / 2, top + height / 2) && hit.shadowRoot.elementFromPoint(left + width / 2, top + height / 2) !== hit) hit = hit.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
  for (let at = hit; at; at = at.parentElement ?? at.getRootNode().host) if (at === element) return undefined;
  // A label stands for its box, and a line of text may be wrapped around its own middle.
  if (!hit || element.contains(hit) || hit.control === element || [...(element.labels ?? [])].some((label) => label.contains(hit))) return undefined;
  return `covered by <${hit.tagName.toLowerCase()}${hit.id ? ` id="${hit.id}"` : ""}>`;
};

/** Chooses options of a list by their value or their label; says whether all of them are there. Runs in the page. */
export const chooseOptions = (list: any, choices: readonly string[]): boolean => {
  const options: any[] = [...(list.options ?? [])];
  const chosen = choices.map((choice) => options.find((option) => option.value === choice) ?? options.find((option) => option.label.trim() === choice.trim()));
  if (!list.options || chosen.includes(undefined)) return false;
  for (const option of options) option.selected = chosen.includes(option);
  list.dispatchEvent(new (globalThis as any).Event("input", { bubbles: true, composed: true }));
  list.dispatchEvent(new (globalThis as any).Event("change", { bubbles: true }));
  return true;
};
