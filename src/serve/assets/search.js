// Suggestions under the search field, as one types: a combobox by the ARIA practices.
import { announce, debounce, element, language, pageOf, say } from "./common.js";

const field = document.getElementById("q");
const list = document.getElementById("suggestions");
let chosen = -1;
let request;

function close() {
  list.hidden = true;
  chosen = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function choose(index) {
  const items = [...list.children];
  if (items.length === 0) return;
  chosen = (index + items.length) % items.length;
  items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
  field.setAttribute("aria-activedescendant", items[chosen].id);
  items[chosen].scrollIntoView({ block: "nearest" });
}

const go = (href) => { location.href = href; };

async function suggest() {
  const text = field.value.trim();
  request?.abort();
  if (text.length < 2) return close();
  request = new AbortController();
  try {
    const form = new FormData(field.form);
    const query = new URLSearchParams([...form].filter(([, value]) => value !== ""));
    query.set("limit", "8");
    query.set("lang", language);
    const answer = await fetch("/api/search?" + query, { signal: request.signal });
    if (!answer.ok) return close();
    const { total, hits } = await answer.json();
    list.replaceChildren(
      ...hits.map((hit, index) =>
        element("li", { role: "option", id: `suggestion-${index}`, "aria-selected": "false", "data-href": pageOf(hit.iri), onmousedown: () => go(pageOf(hit.iri)) },
          hit.label, element("span", { class: "badge " + hit.kind }, hit.kindLabel), hit.distinction ? " " + hit.distinction : "")),
    );
    chosen = -1;
    list.hidden = hits.length === 0;
    field.setAttribute("aria-expanded", String(hits.length > 0));
    announce(say(`${total} résultats`, `${total} results`));
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

if (field && list) {
  field.addEventListener("input", debounce(120, suggest));
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !list.hidden) choose(chosen + 1);
    else if (event.key === "ArrowUp" && !list.hidden) choose(chosen - 1);
    else if (event.key === "Escape") return close();
    else if (event.key === "Enter" && chosen >= 0) go(list.children[chosen].dataset.href);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => setTimeout(close, 200));
}

// Beside the results there is room for the filters; above them, on a narrow page, they wait to be opened.
const refine = document.getElementById("refine");
if (refine) refine.open = window.matchMedia("(min-width: 60rem)").matches;
