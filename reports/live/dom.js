// Pieces of the live page. Every word of a run goes in as text, never as markup.
"use strict";

const byId = (id) => document.getElementById(id);

/** Controls, and what turns the direction of the text around it, can be seen and do nothing. */
const plain = (text) => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");

/** An element; `class` and other attributes, then children: elements, or words as text. Nothing stands for no child. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, plain(value));
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== "").map((child) => (child instanceof Node ? child : plain(child))));
  return element;
}

const drawn = (tag, attributes = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const sign = (grade) => drawn("svg", { class: "sign", width: 16, height: 16, "aria-hidden": "true" }, drawn("use", { href: `#sign-${grade}` }));
const badge = (grade, text = grade) => make("span", { class: `badge ${grade}` }, sign(grade), ` ${text}`);

/** Only what changed touches the page: a text that stands there is not written again. */
function setText(element, text) {
  const words = plain(text);
  if (element.textContent !== words) element.textContent = words;
}

const none = "–";
const known = (value, words) => (value === null || value === undefined ? none : words(value));
const sayMoment = (ms) => known(ms, (n) => (n < 1 ? "0s" : sayMs(n)));
const sayShare = (share) => known(share, (n) => {
  const percent = n * 100;
  return percent === 0 ? "0%" : `${Number(percent < 1 ? percent.toPrecision(2) : percent.toFixed(percent < 10 ? 2 : 1))}%`;
});
const sayRate = (n) => known(n, say.perSecond);
const sayLatency = (ms) => known(ms, sayMs);

/** A curve without axes. */
function curve(values) {
  const measured = values.filter((n) => n !== null);
  if (measured.length < 2) return undefined;
  const [least, most] = [Math.min(...measured), Math.max(...measured)];
  const y = (n) => (most === least ? 10 : 18 - ((n - least) / (most - least)) * 16).toFixed(1);
  const points = values.map((n, i) => (n === null ? undefined : `${((i / (values.length - 1)) * 100).toFixed(1)},${y(n)}`)).filter(Boolean);
  return drawn("svg", { class: "curve", viewBox: "0 0 100 20", preserveAspectRatio: "none", width: "100%", height: 20, "aria-hidden": "true" },
    drawn("polyline", { class: "line rate", fill: "none", points: points.join(" "), "vector-effect": "non-scaling-stroke" }));
}

/** A part of a whole, as a bar. */
function bar(share, look) {
  const wide = `${(Math.min(1, Math.max(0, share)) * 100).toFixed(1)}%`;
  return drawn("svg", { class: "allowance", width: "100%", height: 8, "aria-hidden": "true" },
    drawn("rect", { class: "allowed", width: "100%", height: 8, rx: 4 }), drawn("rect", { class: look, width: wide, height: 8, rx: 4 }));
}
