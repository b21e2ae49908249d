import type { Item } from "./catalogue.ts";
import type { Order } from "./orders.ts";

const marks: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const text = (value: string) => value.replace(/[&<>"']/g, (mark) => marks[mark]!);

/** A whole page that works without scripts; colours and sizes follow the reader's system. */
const page = (title: string, main: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(title)}</title>
<link rel="icon" href="data:,">
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem }
ul { padding: 0; list-style: none } li { display: flex; justify-content: space-between; padding: .25rem 0 }
select, button { font: inherit; padding: .5rem .75rem; min-height: 2.75rem }
</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;

export const frontPage = (items: readonly Item[]) => page("Chandler's shop", `<h1>Chandler's shop</h1>
<h2 id="goods">Goods</h2>
<ul aria-labelledby="goods">
${items.map((item) => `<li data-item="${text(item.id)}"><a href="/items/${text(item.id)}">${text(item.name)}</a> <span>${item.price} €</span></li>`).join("\n")}
</ul>
<h2>Order</h2>
<form method="post" action="/orders">
<label for="item">Item</label>
<select id="item" name="item" required>
${items.map((item) => `<option value="${text(item.id)}">${text(item.name)}</option>`).join("\n")}
</select>
<button type="submit">Order</button>
</form>`);

export const orderPage = (order: Order) => page("Thank you", `<h1>Thank you</h1>
<p role="status">Order <strong data-order="${text(order.id)}">${text(order.id)}</strong> is placed: ${text(order.item)}.</p>
<p><a href="/">Back to the shop</a></p>`);

export const sorryPage = (message: string) => page("Sorry", `<h1>Sorry</h1>
<p role="alert">${text(message)}</p>
<p><a href="/">Back to the shop</a></p>`);
